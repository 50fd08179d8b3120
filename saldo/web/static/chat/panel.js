// What one sees: the launcher and the panel with its parts. It knows how to show, not what.
// `says` names the words that an element holds, `names` those that a screen reader calls it by.
import { make, icon } from "./elements.js";
import { LANGUAGES } from "./words.js";

const BUBBLE = "M4 4h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2h-9l-5 4v-4H4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z";
const CROSS = "M6 6l12 12M18 6L6 18";
const UP = "M12 20V5M5 12l7-7 7 7";
const KEEP = "M12 4v11M7 11l5 5 5-5M5 20h14";
const DOWN = "M12 4v15M5 12l7 7 7-7";
const NEAR = 8; // px from the end that still count as there
const PHONE = matchMedia("(max-width: 30rem), (max-height: 26rem)");
const LOW = matchMedia("(max-height: 26rem)");
const TOUCH = matchMedia("(pointer: coarse)");

export class Panel {
  atEnd = true;
  #height;
  #place = null;

  constructor(does, inline) {
    const button = (attributes, ...inner) => make("button", { type: "button", ...attributes }, inner);
    this.inline = inline;
    this.launcher = button({ class: "launcher", part: "launcher", names: "widget_open", hidden: true, onclick: does.open },
      icon(BUBBLE), make("span", { says: "widget_open" }));
    this.log = make("div", { class: "log", role: "log", names: "widget_log", tabindex: 0 });
    this.typing = make("div", { class: "typing", hidden: true }, make("i"), make("i"), make("i"));
    this.scroller = make("div", { class: "scroller" }, this.log, this.typing);
    this.newest = button({ class: "round newest", names: "widget_newest", hidden: true, onclick: () => this.#toNewest() }, icon(DOWN));
    this.status = make("p", { role: "status" });
    this.again = button({ says: "widget_retry", hidden: true, onclick: does.retry });
    this.field = make("textarea", { rows: 1, id: "field", autofocus: !inline && !TOUCH.matches, "aria-describedby": "count", oninput: does.type, onkeydown: does.key });
    this.sender = make("button", { class: "round send", names: "send" }, icon(UP));
    this.count = make("p", { id: "count", class: "quiet" });
    this.languages = LANGUAGES.map((lang) => button({ lang, names: `widget_in_${lang}`, onclick: () => does.choose(lang) }, lang.toUpperCase()));
    this.people = make("p", { class: "people" });
    this.logo = make("img", { alt: "", hidden: true });
    this.keep = make("div", { class: "keep", hidden: true });
    this.menu = button({ class: "round", names: "widget_menu", onclick: does.keep }, icon(KEEP));
    this.footer = make("footer", {},
      make("div", { class: "state" }, this.status, this.again),
      make("form", { class: "composer", onsubmit: does.submit },
        make("label", { for: "field", class: "hidden", says: "input_label" }), this.field, this.sender),
      this.count);
    this.dialog = make("dialog", { part: "panel", "aria-labelledby": "title", oncancel: does.close, onkeydown: does.escape },
      make("header", {}, this.logo,
        make("div", {}, make("h2", { id: "title", says: "widget_title", tabindex: -1, autofocus: !inline && TOUCH.matches }), make("p", { class: "quiet", says: "widget_role" })),
        make("div", { class: "switch", role: "group", names: "widget_language" }, this.languages),
        this.menu,
        inline ? null : button({ class: "round", names: "widget_close", onclick: does.close }, icon(CROSS))),
      this.keep, this.scroller, make("div", { class: "over" }, this.newest), this.footer);
    this.scroller.addEventListener("scroll", () => this.scroller.clientHeight === this.#height && this.#look());
    const sized = new ResizeObserver(() => this.#resized());
    [this.scroller, this.log].forEach((part) => sized.observe(part));
    this.all = make("div", { class: "saldo", popover: inline ? null : "manual" }, this.launcher, this.dialog);
  }

  // In the browser's top layer no ancestor holds it, however transformed; a page that names a layer of its own has that.
  lift() {
    if (!this.inline && !getComputedStyle(this.all).getPropertyValue("--saldo-layer")) this.all.showPopover?.();
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
    if (this.#place instanceof Element) this.reveal(this.#place);
    else this.#scroll(this.#place ?? this.#end);
    this.#place = null;
  }

  hide() {
    const held = this.dialog.contains(this.dialog.getRootNode().activeElement);
    this.#leave();
    this.launcher.ariaExpanded = false;
    if (held) this.launcher.focus();
  }

  // The screen was turned, or the page magnified: change between the two kinds of panel; in a low one people scroll along.
  adapt(signal) {
    const place = () => (LOW.matches ? this.scroller : this.footer).append(this.people);
    const change = () => {
      if (!this.dialog.open || this.inline) return;
      this.#leave();
      this.show();
    };
    place();
    LOW.addEventListener("change", place, { signal });
    PHONE.addEventListener("change", change, { signal });
    for (const event of ["resize", "scroll"]) visualViewport?.addEventListener(event, () => this.#fit(), { signal });
  }

  // On a phone a keyboard takes a part of the window: a panel that covers it keeps to what is left. Magnifying takes none.
  #fit() {
    const { height, offsetTop, scale } = visualViewport;
    this.all.style.setProperty("--height", scale > 1 ? null : `${height}px`);
    this.all.style.setProperty("--top", scale > 1 ? null : `${offsetTop}px`);
  }

  // After a choice one goes on writing; where that would bring up a keyboard on the screen, one goes on reading.
  goOn() {
    (TOUCH.matches ? this.log : this.field).focus({ preventScroll: true });
  }

  end() {
    this.#scroll(this.#end);
  }

  // Something new: who is at the end sees its beginning; who reads further up is not disturbed.
  follow(card) {
    if (!this.dialog.open) this.#place ??= card;
    else if (this.atEnd) this.reveal(card);
  }

  // An answer longer than the window is read from its beginning, with the question above it if that is short.
  reveal(card) {
    const asked = card.previousElementSibling;
    const from = asked?.offsetHeight < Math.min(100, this.scroller.clientHeight / 4) ? asked : card;
    this.#scroll(from.offsetTop - 12); // stops at the end by itself
  }

  // What has just been opened is seen whole, or from its beginning.
  bring(part) {
    const [box, seen] = [part, this.scroller].map((each) => each.getBoundingClientRect());
    const beyond = Math.min(box.bottom - seen.bottom + 8, box.top - seen.top);
    if (beyond > 0) this.#scroll(this.scroller.scrollTop + beyond);
  }

  #toNewest() {
    const { scrollTop } = this.scroller;
    this.reveal([...this.log.children].at(-1));
    if (this.scroller.scrollTop <= scrollTop) this.end();
    this.goOn();
  }

  #scroll(top) {
    this.scroller.scrollTop = top;
    this.#look();
  }

  // What is said ends before the people who scroll along in a low window.
  get #end() {
    const { scroller, people } = this;
    return scroller.scrollHeight - scroller.clientHeight - (scroller.contains(people) ? people.offsetHeight : 0);
  }

  // Where the reader is. A place is remembered while the panel is closed: then there is nothing to look at.
  #look() {
    const { scrollTop, clientHeight } = this.scroller;
    if (!clientHeight) return;
    const below = this.#end - scrollTop;
    this.atEnd = below < NEAR;
    this.newest.hidden = below < clientHeight / 4;
  }

  // A footer that grows covers nothing of what the reader had in view at the end.
  #resized() {
    const { clientHeight } = this.scroller;
    if (this.atEnd && clientHeight !== this.#height) this.end();
    this.#height = clientHeight;
    this.#look();
  }

  #leave() {
    this.#place = this.atEnd ? null : this.scroller.scrollTop;
    this.dialog.close();
  }

  // What goes on: dots while the server works, words as well when that takes long, and a button when it failed.
  state(sentence, kind) {
    const works = kind === "typing" || kind === "slow";
    this.typing.hidden = !works;
    this.status.className = kind === "typing" ? "hidden" : "";
    if (this.status.textContent !== sentence) this.status.textContent = sentence;
    const held = this.again.matches(":focus");
    this.again.hidden = works || !kind;
    if (held && this.again.hidden) this.goOn();
    if (this.atEnd) this.end();
  }

  grow() {
    const { field } = this;
    field.rows = 1;
    while (field.scrollHeight > field.clientHeight && field.rows < (LOW.matches ? 2 : 6)) field.rows += 1;
  }
}
