// <saldo-chat>: a chat about bills for any page. docs/widget.md tells its attributes, events and methods.
import sheet from "./chat.css" with { type: "css" };
import { rendered } from "./blocks.js";
import { next, propose, settle } from "./chips.js";
import { Conversation } from "./conversation.js";
import { make } from "./elements.js";
import { feedback } from "./feedback.js";
import { later } from "./later.js";
import { Line } from "./line.js";
import { Memory } from "./memory.js";
import { Panel } from "./panel.js";
import { spoken, Words } from "./words.js";

const LONGEST = 2000;
const NEARLY = 1800;
const PATIENT = 3000; // ms that a page has to say who is signed in
const DAY = { dateStyle: "medium", timeZone: "UTC" }; // a date alone is the same day everywhere
const OWN = { widget_title: "name", widget_open: "launcher" }; // words that a page may have of its own, in these attributes

export class SaldoChat extends HTMLElement {
  static observedAttributes = ["identity", "language", "name", "launcher", "logo", "context"];
  #identity;
  #told = () => {};
  #talk;
  #memory;
  #words;
  #panel;
  #cards = new Map();
  #state = "";
  #wish;
  #ready;
  #leaving;

  connectedCallback() {
    const server = new URL(this.getAttribute("server") ?? new URL(".", import.meta.url), document.baseURI).href.replace(/\/*$/, "/");
    const line = new Line(server);
    this.#leaving = new AbortController();
    this.#memory = new Memory(server);
    this.#words = new Words(line, (name) => this.getAttribute(OWN[name]));
    this.#panel = new Panel({
      open: () => this.open(),
      close: (event) => { event.preventDefault(); this.close(); },
      escape: (event) => { if (event.key === "Escape") this.close(); },
      retry: () => this.#talk.retry(),
      type: () => { this.#typed(); this.#talk?.typing(); },
      key: (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#submit(event); },
      submit: (event) => this.#submit(event),
      choose: (language) => this.#choose(language),
      keep: () => this.#with(this.#panel.keep, ({ keeping }) => keeping(this.#panel, this.#says, this.#words.language)),
    }, this.getAttribute("position") === "inline");
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    root.replaceChildren(this.#panel.all);
    this.#memory.watch((key) => this.#heard(key), this.#leaving.signal);
    this.#panel.adapt(this.#leaving.signal);
    this.#converse = () => {
      this.#talk?.stop();
      this.#talk = new Conversation(line, this.#memory, () => this.#asked(), (what, detail) => this.#hears[what](detail));
    };
    if (Object.hasOwn(this, "identity")) { // set before this script ran
      const { identity } = this;
      delete this.identity;
      this.identity = identity;
    }
    this.#ready = this.#appear();
    this.#ready.catch(({ status, message }) => {
      console.error(`saldo-chat: ${server} refuses this page: ${message}`);
      this.#emit("error", { status, message });
    });
  }

  disconnectedCallback() {
    this.#leaving.abort();
    this.#talk?.stop();
    this.#talk = null;
    this.#cards.clear();
  }

  attributeChangedCallback(name, before, now) {
    if (!this.#ready || before === now) return;
    if (name === "identity") this.#again();
    else if (name === "language") this.#choose(spoken(now) ?? "nl");
    else if (name === "context") this.#propose();
    else this.#look();
  }

  // A function that yields the host's JWT, or null for nobody; it is asked again before a session ends.
  set identity(asked) {
    if (asked && typeof asked !== "function") console.error("saldo-chat: identity must be a function that returns a token.");
    this.#identity = asked;
    this.#told();
    this.#again();
  }

  get identity() {
    return this.#identity;
  }

  get opened() {
    return Boolean(this.#panel?.dialog.open);
  }

  // Show the panel; a text is asked, as is the content files' question about an invoice.
  async open({ focus = true, text, invoice } = {}) {
    await this.#ready;
    if (!this.#panel.dialog.open) {
      this.#panel.show(!focus);
      this.#emit("open");
    }
    if (!this.#panel.inline) this.#memory.set("open", true);
    if (!this.#talk) this.#start();
    const question = text ?? (invoice && this.#about(`invoice:${invoice}`));
    if (question) this.#say({ text: question }, question);
  }

  close() {
    if (this.#panel.inline || !this.opened) return;
    this.#panel.hide();
    this.#memory.set("open");
    this.#emit("close");
  }

  // Say something for the customer, as if it had been typed.
  send(text) {
    return this.open({ text, focus: false });
  }

  // The customer leaves: the conversation ends, here, in other tabs and on the server.
  async signOut() {
    if (!this.#talk) this.#converse();
    const signedOut = this.#talk.signOut();
    this.#talk = null;
    this.#panel.field.value = "";
    this.#typed();
    this.#clear();
    await signedOut;
    if (this.#panel.dialog.open) this.#start();
  }

  async #appear() {
    this.#wish = this.#memory.get("language") ?? spoken(this.getAttribute("language"));
    const language = this.#wish ?? spoken(document.documentElement.lang) ?? navigator.languages.map(spoken).find(Boolean) ?? "nl";
    for (let pause = 1000; !this.#words.language; pause = Math.min(pause * 2, 30000)) {
      await this.#words.speak(language).catch((problem) => {
        if (!problem.passing) throw problem;
        return new Promise((resolve) => setTimeout(resolve, pause));
      });
    }
    if (!this.isConnected) return;
    this.#panel.lift();
    this.#look();
    this.#panel.field.value = this.#memory.get("draft") ?? "";
    this.#typed();
    this.#emit("ready");
    if (this.#memory.get("open") || this.#panel.inline) queueMicrotask(() => this.open({ focus: false }));
  }

  #converse;

  // The frame, in the language that is spoken and as the page has named it.
  #look() {
    this.#panel.speak(this.#words);
    const logo = this.getAttribute("logo");
    const { href } = make("a", { href: logo });
    const fits = /^(https?:|data:image\/)/.test(href);
    this.#panel.logo.hidden = !fits;
    if (fits) this.#panel.logo.src = href;
    else if (logo) console.error("saldo-chat: logo must be an address.");
  }

  // The question about what a page shows; nothing, and a word on the console, if that is no invoice.
  #about(context) {
    const [, invoice] = /^invoice:([\w./-]*\d[\w./-]*)$/.exec(context) ?? [];
    if (invoice) return this.#says("widget_ask_invoice", { invoice });
    return console.error(`saldo-chat: ${context} must be like invoice:2026-0142.`);
  }

  // What the page shows is offered, and not asked unless it is tapped.
  #propose() {
    const context = this.getAttribute("context");
    propose(this.#panel.log, context && this.#about(context), ({ label }) => this.#choice({ text: label }, label));
  }

  // What few need, loaded by now; if that fails it is said in `place`.
  #with = (place, use) => later(this.#words).then(use).catch(() => {
    place.textContent = this.#says("error");
    place.hidden = false;
  });

  #start() {
    this.#converse();
    this.#talk.start(this.#wish, this.#words.language);
  }

  #again() {
    if (!this.#talk) return;
    this.#clear();
    this.#start();
  }

  // Who was signed in before a reload is not taken for nobody before the page had time to say so.
  async #asked() {
    if (!this.#whose && this.hasAttribute("identity")) return this.getAttribute("identity");
    if (!this.#whose && this.#memory.get("session")?.subject) {
      await new Promise((resolve) => { this.#told = resolve; setTimeout(resolve, PATIENT); });
    }
    return this.#whose?.();
  }

  // Several elements in one page are one conversation, so who is signed in is told to any of them.
  get #whose() {
    return [this, ...document.querySelectorAll("saldo-chat")].map((chat) => chat.identity).find(Boolean);
  }

  #hears = {
    message: (message) => this.#show(message),
    replay: (past) => this.#replay(past),
    greeting: (message) => this.#greet(message),
    language: (language) => this.#speak(language),
    state: (state) => this.#tell(state),
    reset: (ended) => this.#clear(ended),
    sent: (id) => this.#cards.get(id)?.classList.remove("waiting"),
    refused: ({ id, detail }) => {
      const card = this.#cards.get(id);
      card?.classList.replace("waiting", "refused");
      const notice = make("p", { class: "notice", role: "alert" }, detail || this.#says("error"));
      const edit = () => {
        this.#edit(card);
        [card, notice, again].forEach((part) => part.remove());
      };
      const again = make("button", { type: "button", class: "edit", onclick: edit }, this.#says("widget_edit"));
      card?.after(notice, again);
    },
    error: (detail) => this.#emit("error", detail),
  };

  // Another tab has changed what both remember.
  #heard(key) {
    if (key === "draft" && !this.#panel.field.matches(":focus")) {
      this.#panel.field.value = this.#memory.get("draft") ?? "";
      this.#typed();
    }
    this.#talk?.heard(key);
  }

  #says = (name, values) => this.#words.says(name, values);

  #choose(language) {
    this.#wish = language;
    this.#memory.set("language", language);
    this.#talk?.choose(language);
    this.#speak(language);
  }

  async #speak(language) {
    if (this.#words.language === language) return;
    await this.#words.speak(language).catch(() => {});
    this.#panel.speak(this.#words);
    this.#date();
    this.#tell(this.#state);
    this.#typed();
    this.#emit("language", { language });
  }

  #tell(state) {
    this.#state = state;
    this.#panel.state(state && this.#says(`widget_${state}`), state);
  }

  #typed() {
    const { field, count, sender } = this.#panel;
    const { length } = field.value;
    this.#memory.set("draft", field.value || null);
    count.textContent = length > LONGEST ? this.#says("too_long", { limit: LONGEST.toLocaleString(this.#words.language) })
      : length > NEARLY ? this.#says("widget_characters", { count: LONGEST - length }) : "";
    field.ariaInvalid = length > LONGEST;
    sender.ariaDisabled = length > LONGEST || !field.value.trim();
    this.#panel.grow();
  }

  #submit(event) {
    event.preventDefault();
    const text = this.#panel.field.value.trim();
    if (!text || text.length > LONGEST || !this.#talk) return;
    this.#panel.field.value = "";
    this.#typed();
    this.#say({ text }, text, true);
  }

  #say(body, label, typed) {
    this.#talk.send(body, label, typed);
    this.#panel.end();
  }

  // What was said, to be said again in other words.
  #edit(mine) {
    const { field } = this.#panel;
    field.value = [mine?.matches(".mine") && mine.lastChild.data, field.value].filter(Boolean).join("\n");
    this.#typed();
    field.focus();
  }

  #clear(ended) {
    this.#cards.clear();
    this.#panel.log.replaceChildren(...(ended ? [make("p", { class: "notice" }, this.#says("widget_ended"))] : []));
    this.#tell("");
  }

  // The greeting stands first, in the language that is spoken, with questions to begin with under it.
  #greet(message) {
    const text = this.getAttribute("greeting");
    const card = this.#card(text ? { ...message, blocks: [{ type: "paragraph", text }, ...message.blocks.slice(1)] } : message);
    const before = this.#cards.get(message.id);
    if (before) before.replaceWith(card);
    else this.#panel.log.prepend(card);
    this.#cards.set(message.id, card);
    if (this.#cards.size > 1) return;
    const items = [1, 2, 3].map((number) => ({ label: this.#says(`suggest_${number}`) }));
    card.append(next(items, ({ label }) => this.#choice({ text: label }, label)));
    this.#propose();
  }

  #choice(body, label) {
    this.#say(body, label);
    this.#panel.goOn();
  }

  #replay({ messages, fresh, handover }) {
    const known = this.#cards.size;
    this.#panel.log.ariaBusy = true; // not all of it is read out again
    messages.forEach((message) => this.#show(message, !fresh.includes(message.id)));
    if (known < 2) this.#propose();
    this.#date(handover);
    this.#panel.log.ariaBusy = false;
    if (this.#cards.size > known) this.#panel.follow([...this.#panel.log.querySelectorAll(".card")].at(-1));
  }

  // What waits to be sent stands below all else; what was sent, where the server heard it.
  #place(card) {
    const waiting = [...this.#panel.log.querySelectorAll(".waiting")].find((other) => other !== card) ?? null;
    if (card.nextElementSibling !== waiting || !card.isConnected) this.#panel.log.insertBefore(card, waiting);
  }

  #show(message, replayed) {
    const before = this.#cards.get(message.id);
    if (before?.matches(".waiting") && !message.waiting) {
      before.classList.remove("waiting");
      this.#place(before);
    }
    if (before?.matches(".waiting")) before.lastChild.data = message.text; // more was added to it
    if (before) return undefined;
    settle(this.#panel.log);
    const card = message.blocks ? this.#card(message) : make("div", { class: message.waiting ? "mine waiting" : "mine" },
      make("span", { class: "hidden" }, `${this.#says("widget_customer")}: `), message.text);
    this.#cards.set(message.id, card);
    const at = message.waiting ? new Date().toISOString() : message.at;
    if (at) card.dataset.at = at;
    if (message.waiting) this.#panel.log.append(card);
    else this.#place(card);
    if (!replayed) this.#date();
    if (!message.blocks) return this.#panel.atEnd && !replayed && this.#panel.end();
    this.#speak(message.language);
    if (replayed) return undefined;
    this.#panel.follow(card);
    const { blocks, ...told } = message;
    return this.#emit("message", told);
  }

  // A conversation of earlier days has lines between them; one that was passed on, its reference.
  #date(handover) {
    const { log } = this.#panel;
    const today = new Date().toDateString();
    if (!handover && [...log.querySelectorAll("[data-at]")].every(({ dataset }) => new Date(dataset.at).toDateString() === today)) return;
    later(this.#words).then(({ dates, handed }) => {
      dates(log, this.#words.language);
      if (handover) handed(log, this.#says, handover);
    }).catch(() => {}); // there is no more to see, then
  }

  #card(message) {
    const act = ({ id, label }) => this.#choice({ option: id }, label);
    const does = {
      act,
      rate: (helpful, comment) => {
        this.#talk.rate(message.id, helpful, comment);
        this.#emit("feedback", { id: message.id, topics: message.topics, helpful });
        if (!helpful) {
          card.querySelector(".next")?.remove();
          this.#offer(card);
        }
      },
      reword: () => this.#edit(card.previousElementSibling),
      bring: (part) => this.#panel.bring(part),
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
    const hand = (body) => this.#talk.handOver(body);
    const done = (reference) => this.#emit("handover", { reference });
    const go = () => this.#with(failed, ({ handover }) => handover(way, this.#says, this.#words.language, hand, done));
    const way = make("div", { class: "handover", lang: this.#words.language, "aria-live": "off" },
      make("button", { type: "button", class: "send", onclick: go }, this.#says("widget_handover_offer")), failed);
    if (card.querySelector(".ways")) card.querySelector(".ways").after(way); // beside what else may help
    else card.append(way);
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(`saldo:${type}`, { detail, bubbles: true, composed: true }));
  }
}

if (!customElements.get("saldo-chat")) customElements.define("saldo-chat", SaldoChat);
