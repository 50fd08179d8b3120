// The conversation as one sees it: what was said in its order, days between, and under the newest answer what may be asked.
import { rendered } from "./blocks.js";
import { next, settle } from "./chips.js";
import { make } from "./elements.js";
import { feedback } from "./feedback.js";
import { later } from "./later.js";

const DAY = { dateStyle: "medium", timeZone: "UTC" }; // a date alone is the same day everywhere

export class Log {
  #cards = new Map();

  // `does` says how the customer goes on: choose, rate, edit, pass (on to a person), propose; speak and emit hear of it.
  constructor(panel, words, does) {
    Object.assign(this, { panel, words }, does);
  }

  clear(notice) {
    this.#cards.clear();
    this.panel.log.replaceChildren(...(notice ? [make("p", { class: "notice" }, notice)] : []));
  }

  // The greeting stands first, with questions to begin with under it.
  greet(message) {
    const card = this.#card(message);
    const before = this.#cards.get(message.id);
    if (before) before.replaceWith(card);
    else this.panel.log.prepend(card);
    this.#cards.set(message.id, card);
    if (this.#cards.size > 1) return;
    const items = [1, 2, 3].map((number) => ({ label: this.#says(`suggest_${number}`) }));
    card.append(next(items, ({ label }) => this.choose({ text: label }, label)));
    this.propose();
  }

  replay({ messages, fresh, handover }) {
    const known = this.#cards.size;
    this.panel.log.ariaBusy = true; // not all of it is read out again
    messages.forEach((message) => this.show(message, !fresh.includes(message.id)));
    if (known < 2) this.propose();
    this.date(handover);
    this.panel.log.ariaBusy = false;
    if (this.#cards.size > known) this.panel.follow([...this.panel.log.querySelectorAll(".card")].at(-1));
  }

  show(message, replayed) {
    const before = this.#cards.get(message.id);
    if (before?.matches(".waiting") && !message.waiting) {
      before.classList.remove("waiting");
      this.#place(before);
    }
    if (before?.matches(".waiting")) before.lastChild.data = message.text; // more was added to it
    if (before) return undefined;
    settle(this.panel.log);
    const card = message.blocks ? this.#card(message) : make("div", { class: message.waiting ? "mine waiting" : "mine" },
      make("span", { class: "hidden" }, `${this.#says("widget_customer")}: `), message.text);
    this.#cards.set(message.id, card);
    const at = message.waiting ? new Date().toISOString() : message.at;
    if (at) card.dataset.at = at;
    if (message.waiting) this.panel.log.append(card);
    else this.#place(card);
    if (!replayed) this.date();
    if (!message.blocks) return this.panel.atEnd && !replayed && this.panel.end();
    this.speak(message.language);
    if (replayed) return undefined;
    this.panel.follow(card);
    const { blocks, ...told } = message;
    return this.emit("message", told);
  }

  sent(id) {
    this.#cards.get(id)?.classList.remove("waiting");
  }

  // What was not taken, with the reason and a way to say it otherwise.
  refuse({ id, detail }) {
    const card = this.#cards.get(id);
    card?.classList.replace("waiting", "refused");
    const notice = make("p", { class: "notice", role: "alert" }, detail || this.#says("error"));
    const edit = () => {
      this.edit(card);
      [card, notice, again].forEach((part) => part.remove());
    };
    const again = make("button", { type: "button", class: "edit", onclick: edit }, this.#says("widget_edit"));
    card?.after(notice, again);
  }

  // A conversation of earlier days has lines between them; one that was passed on, its reference.
  date(handover) {
    const { log } = this.panel;
    const today = new Date().toDateString();
    if (!handover && [...log.querySelectorAll("[data-at]")].every(({ dataset }) => new Date(dataset.at).toDateString() === today)) return;
    later(this.words).then(({ dates, handed }) => {
      dates(log, this.words.language);
      if (handover) handed(log, this.#says, handover);
    }).catch(() => {}); // there is no more to see, then
  }

  #says = (name, values) => this.words.says(name, values);

  // What waits to be sent stands below all else; what was sent, where the server heard it.
  #place(card) {
    const waiting = [...this.panel.log.querySelectorAll(".waiting")].find((other) => other !== card) ?? null;
    if (card.nextElementSibling !== waiting || !card.isConnected) this.panel.log.insertBefore(card, waiting);
  }

  #card(message) {
    const act = ({ id, label }) => this.choose({ option: id }, label);
    const does = {
      act,
      rate: (helpful, comment) => {
        this.rate(message, helpful, comment);
        if (!helpful) {
          card.querySelector(".next")?.remove();
          this.#offer(card);
        }
      },
      reword: () => this.edit(card.previousElementSibling),
      bring: (part) => this.panel.bring(part),
    };
    const card = make("article", { class: "card", lang: message.language },
      make("span", { class: "hidden" }, `${this.#says("widget_title")}: `),
      message.figures_of ? make("p", { class: "quiet" }, this.#says("widget_figures_of", { day: new Date(message.figures_of).toLocaleDateString(message.language, DAY) })) : null,
      message.blocks.map((block) => rendered(block, act)),
      message.feedback ? feedback(this.#says, does, message) : null,
      message.next?.length ? next(message.next, act) : null);
    if (message.kind === "handover") this.#offer(card);
    return card;
  }

  // The way to a person, once under an answer.
  #offer(card) {
    if (card.querySelector(".handover")) return;
    const failed = make("p", { class: "notice", role: "alert" });
    const go = () => this.pass(way, failed);
    const way = make("div", { class: "handover", lang: this.words.language, "aria-live": "off" },
      make("button", { type: "button", class: "send", onclick: go }, this.#says("widget_handover_offer")), failed);
    if (card.querySelector(".ways")) card.querySelector(".ways").after(way); // beside what else may help
    else card.append(way);
  }
}
