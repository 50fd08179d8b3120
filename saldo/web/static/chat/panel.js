// What one sees: the launcher and the panel with its parts. It knows how to show, not what.
// `says` names the words that an element holds, `names` those that a screen reader calls it by.
import { make, icon } from "./elements.js";
import { LANGUAGES } from "./words.js";

const BUBBLE = "M4 4h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2h-9l-5 4v-4H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z";
const CROSS = "M6 6l12 12M18 6L6 18";
const ARROW = "M12 20V5M5 12l7-7 7 7";
const PHONE = matchMedia("(max-width: 30rem), (max-height: 26rem)");
const TOUCH = matchMedia("(pointer: coarse)");

export class Panel {
  constructor(does, inline) {
    const button = (attributes, ...inner) => make("button", { type: "button", ...attributes }, inner);
    this.inline = inline;
    this.launcher = button({ class: "launcher", part: "launcher", names: "widget_open", hidden: true, onclick: does.open },
      icon(BUBBLE), make("span", { says: "widget_open" }));
    this.log = make("div", { class: "log", role: "log", names: "widget_log", tabindex: 0 });
    this.typing = make("div", { class: "typing", hidden: true }, make("i"), make("i"), make("i"));
    this.scroller = make("div", { class: "scroller" }, this.log, this.typing);
    this.status = make("p", { role: "status" });
    this.again = button({ says: "widget_retry", hidden: true, onclick: does.retry });
    this.field = make("textarea", { rows: 1, id: "field", autofocus: !TOUCH.matches, "aria-describedby": "count", oninput: does.type, onkeydown: does.key });
    this.sender = make("button", { class: "round send", names: "send" }, icon(ARROW));
    this.count = make("p", { id: "count", class: "quiet" });
    this.languages = LANGUAGES.map((lang) => button({ lang, names: `widget_in_${lang}`, onclick: () => does.choose(lang) }, lang.toUpperCase()));
    this.people = make("p", { class: "people" });
    this.dialog = make("dialog", { part: "panel", "aria-labelledby": "title", oncancel: does.close, onkeydown: does.escape },
      make("header", {},
        make("div", {}, make("h2", { id: "title", says: "widget_title", tabindex: -1, autofocus: TOUCH.matches }), make("p", { class: "quiet", says: "widget_role" })),
        make("div", { class: "switch", role: "group", names: "widget_language" }, this.languages),
        inline ? null : button({ class: "round", names: "widget_close", onclick: does.close }, icon(CROSS))),
      this.scroller,
      make("footer", {},
        make("div", { class: "state" }, this.status, this.again),
        make("form", { class: "composer", onsubmit: does.submit },
          make("label", { for: "field", class: "hidden", says: "input_label" }), this.field, this.sender),
        this.count, this.people));
  }

  // Every word of the frame, anew: the language may have changed.
  speak(words) {
    for (const part of [this.launcher, this.dialog]) {
      part.lang = words.language;
      for (const each of [part, ...part.querySelectorAll("[says],[names]")]) {
        const [says, names] = [each.getAttribute("says"), each.getAttribute("names")];
        if (says) each.textContent = words.says(says);
        if (names) each.ariaLabel = words.says(names);
      }
    }
    this.field.placeholder = words.says("input_label");
    this.languages.forEach((button) => { button.ariaPressed = button.lang === words.language; });
    this.people.replaceChildren(words.says("widget_person"), ...words.contacts.map(({ label, email }) => make("a", { href: `mailto:${email}` }, label)));
    this.launcher.hidden = this.inline;
  }

  // A panel beside the page; on a phone, or magnified as far, one that covers it. Quietly: without taking the focus.
  show(quietly) {
    if (PHONE.matches && !this.inline) this.dialog.showModal();
    else if (quietly) this.dialog.open = true;
    else this.dialog.show();
    this.launcher.ariaExpanded = true;
    this.end();
  }

  hide() {
    const held = this.dialog.contains(this.dialog.getRootNode().activeElement);
    this.dialog.close();
    this.launcher.ariaExpanded = false;
    if (held) this.launcher.focus();
  }

  // The screen was turned, or the page magnified: change between the two kinds of panel.
  adapt(signal) {
    const change = () => {
      if (!this.dialog.open || this.inline) return;
      this.dialog.close();
      this.show();
    };
    PHONE.addEventListener("change", change, { signal });
  }

  // After a choice one goes on writing; where that would bring up a keyboard on the screen, one goes on reading.
  goOn() {
    (TOUCH.matches ? this.log : this.field).focus();
  }

  end() {
    this.scroller.scrollTop = this.scroller.scrollHeight;
  }

  // An answer longer than the window is read from its beginning, with the question above it if that is short.
  reveal(card) {
    const asked = card.previousElementSibling;
    const from = asked?.offsetHeight < 100 ? asked : card;
    this.scroller.scrollTop = from.offsetTop - 12; // stops at the end by itself
  }

  // What goes on: dots while the server works, words as well when that takes long, and a button when it failed.
  state(sentence, kind) {
    const works = kind === "typing" || kind === "slow";
    this.typing.hidden = !works;
    this.status.className = kind === "typing" ? "hidden" : "";
    if (this.status.textContent !== sentence) this.status.textContent = sentence;
    this.again.hidden = works || !kind;
    if (kind === "typing") this.end();
  }

  grow() {
    const { field } = this;
    field.rows = 1;
    while (field.scrollHeight > field.clientHeight && field.rows < 6) field.rows += 1;
  }
}
