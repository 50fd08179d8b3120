// <saldo-chat>: a chat about bills for any page. docs/widget.md tells its attributes, events and methods.
import sheet from "./chat.css" with { type: "css" };
import { rendered } from "./blocks.js";
import { Conversation } from "./conversation.js";
import { make } from "./elements.js";
import { feedback } from "./feedback.js";
import { Line } from "./line.js";
import { Memory } from "./memory.js";
import { Panel } from "./panel.js";
import { spoken, Words } from "./words.js";

const LONGEST = 2000;
const NEARLY = 1800;
const PATIENT = 3000; // ms that a page has to say who is signed in

export class SaldoChat extends HTMLElement {
  static observedAttributes = ["identity", "language"];
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
    this.#words = new Words(line);
    this.#panel = new Panel({
      open: () => this.open(),
      close: (event) => { event.preventDefault(); this.close(); },
      escape: (event) => { if (event.key === "Escape") this.close(); },
      retry: () => this.#talk.retry(),
      type: () => this.#typed(),
      key: (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.#submit(event); },
      submit: (event) => this.#submit(event),
      choose: (language) => this.#choose(language),
    }, this.getAttribute("position") === "inline");
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    root.replaceChildren(this.#panel.launcher, this.#panel.dialog);
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
    else this.#choose(spoken(now) ?? "nl");
  }

  // A function that yields the host's JWT, or null for nobody; it is asked again before a session ends.
  set identity(asked) {
    this.#identity = asked;
    this.#told();
    this.#again();
  }

  get identity() {
    return this.#identity;
  }

  async open({ focus = true } = {}) {
    await this.#ready;
    if (!this.#panel.dialog.open) {
      this.#panel.show(!focus);
      this.#emit("open");
    }
    this.#memory.set("open", true);
    if (!this.#talk) this.#start();
  }

  close() {
    if (this.#panel.inline) return;
    this.#panel.hide();
    this.#memory.set("open");
  }

  // Say something for the customer, as if it had been typed.
  async send(text) {
    await this.open({ focus: false });
    this.#talk.send({ text }, text);
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
      await this.#words.speak(language).catch(() => new Promise((resolve) => setTimeout(resolve, pause)));
    }
    this.#panel.speak(this.#words);
    this.#panel.field.value = this.#memory.get("draft") ?? "";
    this.#typed();
    if (this.#memory.get("open") || this.#panel.inline) queueMicrotask(() => this.open({ focus: false }));
  }

  #converse;

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
    if (!this.#identity && this.hasAttribute("identity")) return this.getAttribute("identity");
    if (!this.#identity && this.#memory.get("session")?.subject) {
      await new Promise((resolve) => { this.#told = resolve; setTimeout(resolve, PATIENT); });
    }
    return this.#identity?.();
  }

  #hears = {
    message: (message) => this.#show(message),
    replay: (messages) => this.#replay(messages),
    greeting: (message) => this.#greet(message),
    language: (language) => this.#speak(language),
    state: (state) => this.#tell(state),
    reset: (ended) => this.#clear(ended),
    sent: (id) => this.#cards.get(id)?.classList.remove("waiting"),
    refused: ({ id, detail }) => {
      const card = this.#cards.get(id);
      card?.classList.replace("waiting", "refused");
      card?.after(make("p", { class: "notice", role: "alert" }, detail || this.#says("error")));
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
    this.#talk.send({ text }, text);
  }

  #clear(ended) {
    this.#cards.clear();
    this.#panel.log.replaceChildren(...(ended ? [make("p", { class: "notice" }, this.#says("widget_ended"))] : []));
    this.#tell("");
  }

  // The greeting stands first, in the language that is spoken, with questions to begin with under it.
  #greet(message) {
    const card = this.#card(message);
    const before = this.#cards.get(message.id);
    if (before) before.replaceWith(card);
    else this.#panel.log.prepend(card);
    this.#cards.set(message.id, card);
    if (this.#cards.size > 1) return;
    const items = [1, 2, 3].map((number) => ({ label: this.#says(`suggest_${number}`) }));
    card.append(rendered({ type: "options", items }, ({ label }) => this.#choice({ text: label }, label)));
  }

  #choice(body, label) {
    this.#talk.send(body, label);
    this.#panel.goOn();
  }

  #replay(messages) {
    if (!messages.length) return;
    this.#panel.log.ariaBusy = true; // not all of it is read out again
    messages.forEach((message) => this.#show(message, true));
    this.#panel.log.ariaBusy = false;
    this.#panel.end();
  }

  #show(message, replayed) {
    if (this.#cards.has(message.id)) return undefined;
    this.#panel.log.querySelector(".options")?.remove();
    const card = message.blocks ? this.#card(message) : make("div", { class: message.waiting ? "mine waiting" : "mine" },
      make("span", { class: "hidden" }, `${this.#says("widget_customer")}: `), message.text);
    this.#cards.set(message.id, card);
    this.#panel.log.append(card);
    if (!message.blocks) return this.#panel.end();
    this.#speak(message.language);
    if (replayed) return undefined;
    this.#panel.reveal(card);
    const { blocks, ...told } = message;
    return this.#emit("message", told);
  }

  #card(message) {
    const act = ({ id, label }) => this.#choice({ option: id }, label);
    const rate = (helpful, comment) => {
      this.#talk.rate(message.id, helpful, comment);
      this.#emit("feedback", { id: message.id, topics: message.topics, helpful });
    };
    return make("article", { class: "card", lang: message.language },
      make("span", { class: "hidden" }, `${this.#says("widget_title")}: `),
      message.blocks.map((block) => rendered(block, act)),
      message.feedback ? feedback(this.#says, rate, message.helpful) : null);
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(`saldo:${type}`, { detail, bubbles: true, composed: true }));
  }
}

if (!customElements.get("saldo-chat")) customElements.define("saldo-chat", SaldoChat);
