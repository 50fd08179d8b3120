// One mail: what was read and understood, the letter, and what can be done with it.

import { button, make, part, pill } from "./elements.js";
import { called, hasMailbox, moment, number, percent, says, topics } from "./words.js";

const LONG_UNREAD = 600;
export const TOPIC_KEYS = "1234567890-";

const section = (kind, title, ...children) =>
  make("section", { class: kind, "aria-labelledby": `${kind}-name` }, make("h3", { id: `${kind}-name` }, title), ...children);

const table = (heads, rows, caption) =>
  make("div", { class: "wide" }, make("table", {},
    make("caption", { class: "hidden" }, caption),
    make("thead", {}, make("tr", {}, heads.map((head) => make("th", { scope: "col" }, head)))),
    make("tbody", {}, rows.map((cells) => make("tr", {}, cells.map((cell) => make("td", {}, cell)))))));

const piece = ({ text, read, question }) => {
  if (question !== null)
    return make("mark", {}, make("sup", {}, make("span", { class: "hidden" }, `${says("marked_question")} `), String(question + 1)), text);
  if (read || !text.trim()) return text;
  if (text.length < LONG_UNREAD)
    return make("span", { class: "unread" }, make("span", { class: "hidden" }, `${says("marked_unread")}: `), text);
  return make("details", {}, make("summary", {}, says("marked_unread")), make("span", { class: "unread" }, text));
};

const theMail = (mail) => section("mail-text", says("mail"),
  mail.body
    ? make("div", { class: "text" }, mail.body.map(piece))
    : make("p", { class: "quiet" }, says("mail_not_kept")),
  mail.body?.some((one) => !one.read && one.text.trim() && one.text.length < LONG_UNREAD)
    && make("p", { class: "quiet legend", "aria-hidden": "true" }, make("span", { class: "unread" }, "—"), ` ${says("marked_unread")}`));

// Lines that are indented are a table's, their cells two blanks apart: a letter of plain text has no other tables.
const paragraph = (text) => {
  const rows = [];
  const made = [];
  const close = () => {
    if (rows.length) made.push(make("table", { class: "aligned" }, make("tbody", {}, rows.splice(0).map((cells) =>
      make("tr", {}, cells.map((cell) => make("td", {}, cell)))))));
  };
  for (const line of text.split("\n")) {
    if (/^ {2}\S/.test(line)) rows.push(line.trim().split(/ {2,}/));
    else {
      close();
      made.push(make("p", {}, line));
    }
  }
  close();
  return make("div", {}, made);
};

const theLetter = (mail, desk) => {
  if (desk.editing) {
    const save = () => desk.save();
    return section("letter", says("letter"),
      make("label", { class: "hidden", for: "text" }, says("letter_label")),
      make("textarea", { id: "text", rows: 20, spellcheck: "true", lang: mail.language || null, "aria-describedby": "keeps-quote",
        oninput: (event) => desk.typed(event.target.value) }, desk.unsaved ?? mail.letter),
      make("p", { id: "keeps-quote", class: "quiet" }, says("keeps_quote")),
      make("p", { class: "actions" }, button(says("save"), save, { class: "main" }, "Ctrl+Enter"),
        button(says("cancel"), () => desk.cancel(), {}, "Esc")));
  }
  return section("letter", says("letter"),
    mail.letter === null
      ? make("p", { class: "quiet" }, says("no_letter"))
      : make("div", { class: "text", lang: mail.language || null }, mail.letter.split(/\n\s*\n/).map(paragraph)));
};

const picker = (mail, desk) => {
  const chips = topics().map((topic, place) => {
    const on = desk.picked.has(topic);
    const key = TOPIC_KEYS[place];
    return make("button", { type: "button", class: "chip", "aria-pressed": String(on), "data-topic": topic,
      "aria-keyshortcuts": key ?? null, onclick: () => desk.pick(topic), disabled: !mail.kept },
      key && make("kbd", { "aria-hidden": "true" }, key), called("topics", topic));
  });
  return section("picker", says("topics"), make("div", { class: "chips" }, chips),
    mail.kept
      ? make("p", { class: "actions" }, button(says("draft_again"), () => desk.draftAgain(), { id: "again" }, "r"))
      : make("p", { class: "quiet" }, says("cannot_redraft")));
};

const named = (name, value) => make("span", {}, make("span", { class: "hidden" }, `${says(name)}: `), value);

const understood = (mail) => {
  const items = mail.questions.map((one, place) => make("li", {},
    one.quote && make("p", { class: "quote" }, make("b", { class: "number" }, String(place + 1)), one.quote),
    make("p", { class: "meaning" },
      make("b", {}, named("topic", called("topics", one.topic))),
      one.quote ? named("confidence", percent(one.confidence)) : make("span", {}, says("picked")),
      one.quote && named("act", called("acts", one.act)),
      make("span", {}, make("span", { class: "hidden" }, `${says("status")}: `), pill(called("statuses", one.status), one.status)))));
  return section("understood", says("understood"), items.length
    ? make("ol", {}, items)
    : make("p", { class: "quiet" }, says("nothing_understood")));
};

const figures = (mail) => section("figures", says("figures"), mail.facts.length
  ? table(["figure", "value", "formula", "source"].map((name) => says(name)),
    mail.facts.map((one) => [one.label, String(one.value), one.formula ?? "", one.source]), says("figures"))
  : make("p", { class: "quiet" }, says("no_figures")));

const others = (mail) => [
  section("identity", says("identity"), make("p", {}, mail.identity), make("p", { class: "quiet" }, sentence(mail.identity_reason))),
  mail.attachments.length > 0 && section("attachments", says("attachments"),
    table(["name", "kind", "size"].map((name) => says(name)),
      mail.attachments.map((one) => [one.name, one.type, says("bytes", { count: number(one.bytes) })]), says("attachments"))),
  mail.notes.length > 0 && section("notes", says("notes"), make("ul", {}, mail.notes.map((note) => make("li", {}, sentence(note))))),
];

const actions = (mail, desk) => {
  const isOpen = mail.state === "open";
  const drafts = hasMailbox()
    ? button(says("to_drafts"), () => desk.toDrafts(), { class: "main" }, "d")
    : button(says("download"), () => desk.toDrafts(), {}, "d");
  return make("div", { class: "actions bar-of-mail", role: "toolbar", "aria-label": says("title") },
    mail.letter !== null && drafts,
    mail.letter !== null && button(says("edit"), () => desk.edit(), {}, "e"),
    isOpen && button(says("handled"), () => desk.put("handled"), { class: hasMailbox() ? "" : "main" }, "h"),
    isOpen && button(says("not_a_question"), () => desk.put("not_a_question"), {}, "n"),
    !isOpen && button(says("reopen"), () => desk.put("open"), {}, "u"));
};

const why = (mail) => make("p", { class: "why" },
  mail.urgent && pill(says("urgent"), "urgent"), " ",
  pill(called("outcomes", mail.outcome), mail.outcome), " ",
  make("span", {}, sentence(mail.outcome_reason)), " ",
  mail.risks.map((risk) => [pill(called("risks", risk), "risk"), " "]).flat());

// A reason as a sentence; an address keeps its first letter.
const sentence = (text) => (/^\S*@/.test(text) ? text : text.charAt(0).toLocaleUpperCase() + text.slice(1));

const head = (mail) => make("header", {},
  make("h2", { id: "subject", tabindex: -1 }, mail.subject || says("no_subject")),
  make("p", { class: "quiet" }, `${says("from")}: ${mail.from_name ? `${mail.from_name} · ` : ""}${mail.sender || "–"} · ${moment(mail.arrived, true)}`,
    mail.state !== "open" && [" ", pill(called("states", mail.state), "done")],
    mail.edited && [" ", pill(says("edited"), "edited")],
    ...(mail.overtaken ? [" ", pill(says("overtaken"), "done")] : []),
    mail.answered && [" ", pill(`${says("answered")}: ${called("answered_as", mail.answered)}`, "done")]),
  why(mail));

export const draw = (mail, desk) => {
  const article = part("mail");
  if (!mail) {
    article.removeAttribute("aria-labelledby");
    article.replaceChildren(make("p", { class: "quiet empty" }, says("pick_one")));
    return;
  }
  article.setAttribute("aria-labelledby", "subject");
  article.replaceChildren(head(mail), actions(mail, desk),
    make("div", { class: "columns" },
      make("div", { class: "column" }, theMail(mail), understood(mail), picker(mail, desk), others(mail)),
      make("div", { class: "column" }, theLetter(mail, desk), figures(mail))));
};
