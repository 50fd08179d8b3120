// The conversation to keep: as a plain page to save or to print, and as plain text. It is made of what is on the screen, without
// what is only there to be tapped.
import { dress } from "./dress.js";
import { make } from "./elements.js";

const TAPPED = "button, form, svg, .hidden, .options, .feedback, .handover, .day, .edit";
const LINES = "h1, h2, h3, p, tr, li, caption, figcaption";
const STYLE = `body { max-width: 42rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.25rem; } h2 { font-size: .875rem; margin: 1.5rem 0 .25rem; border-top: 1px solid #999; padding-top: .75rem; }
h3, p, caption { font-size: 1rem; margin: .5rem 0; overflow-wrap: anywhere; } table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: 600; } th, td { padding: .25rem 0; border-top: 1px solid #ccc; text-align: left; vertical-align: top; font-weight: 400; }
td { text-align: right; } small { display: block; font-size: .875rem; } figure { margin: .5rem 0; } figcaption span { margin-right: 1rem; }
h2, h3, tr { break-inside: avoid; } h2, h3, caption { break-after: avoid; } @media print { body { margin: 0; max-width: none; } }`;

// One message: who said it and when, and what.
const said = (message, who, language) => {
  const { at } = message.dataset;
  const when = at && new Date(at).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
  const copy = message.cloneNode(true);
  copy.querySelectorAll(TAPPED).forEach((part) => part.remove());
  copy.querySelectorAll("summary").forEach((summary) => summary.replaceWith(make("h3", {}, summary.textContent)));
  copy.querySelectorAll("details").forEach((details) => details.replaceWith(...details.childNodes));
  const parts = message.matches(".mine") ? [make("p", {}, copy.textContent)] : [...copy.children];
  return make("section", { lang: message.lang || language }, make("h2", {}, [who, when].filter(Boolean).join(", ")), parts);
};

// A line of plain text for each line of the page.
const text = (part) => {
  const inner = (one) => [...one.childNodes].map((each) => each.textContent.trim()).filter(Boolean).join(" ");
  if (part.matches("tr")) return [...part.cells].map(inner).join(": ");
  if (part.matches("h2")) return `\n${inner(part)}`;
  const mark = part.matches("ol > li") ? `${[...part.parentNode.children].indexOf(part) + 1}. ` : part.matches("li") ? "- " : "";
  return mark + inner(part);
};

// The whole page as text.
const written = (titled, language, parts) => {
  const page = document.implementation.createHTMLDocument(titled);
  page.documentElement.lang = language;
  page.head.prepend(make("meta", { charset: "utf-8" }));
  page.body.append(...parts);
  const html = new XMLSerializer().serializeToString(page.documentElement);
  return `<!doctype html>\n${html.replace("</head>", () => `<style>${STYLE}</style></head>`)}`;
};

const save = (...page) => {
  const href = URL.createObjectURL(new Blob([written(...page)], { type: "text/html" }));
  make("a", { href, download: `saldo-${new Date().toISOString().slice(0, 10)}.html` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60000);
};

const copy = (titled, language, parts) => navigator.clipboard.writeText(
  parts.flatMap((part) => [part, ...part.querySelectorAll("*")]).filter((part) => part.matches(LINES)).map(text).join("\n").trim());

// In a frame of its own, so that of the host's page nothing is printed; an empty one, which no policy forbids.
const print = (titled, language, parts, panel) => {
  const frame = make("iframe", { class: "hidden", "aria-hidden": "true", tabindex: -1 });
  panel.dialog.append(frame);
  const { contentDocument: page, contentWindow: own } = frame;
  const style = new own.CSSStyleSheet();
  style.replaceSync(STYLE);
  page.adoptedStyleSheets = [style];
  page.documentElement.lang = language;
  page.title = titled;
  page.body.append(...parts);
  own.addEventListener("afterprint", () => frame.remove());
  own.print();
};

// Show the row that keeps the panel's conversation, or put it away.
export const keeping = (panel, says, language) => {
  const { keep, menu, log } = panel;
  dress(keep);
  keep.role = "group";
  keep.ariaLabel = says("widget_menu");
  const done = make("p", { role: "status", class: "quiet" });
  const run = async (how) => {
    done.textContent = "";
    const titled = `${says("widget_title")}, ${new Date().toLocaleDateString(language, { dateStyle: "long" })}`;
    const messages = [...log.querySelectorAll(".card, .mine:not(.refused)")].map((message) =>
      said(message, says(message.matches(".mine") ? "widget_customer" : "widget_title"), language));
    await how(titled, language, [make("h1", {}, titled), ...messages], panel);
    if (how === copy) done.textContent = says("widget_copied");
  };
  const button = (how, word) => make("button",
    { type: "button", onclick: () => run(how).catch(() => { done.textContent = says("error"); }) }, says(word));
  keep.replaceChildren(button(save, "widget_save"), button(copy, "widget_copy"), button(print, "widget_print"), done);
  keep.hidden = !keep.hidden;
  menu.ariaExpanded = !keep.hidden;
};
