// <saldo-chat>: a chat about bills for any page. docs/widget.md tells its attributes, events and methods.
import sheet from "./chat.css" with { type: "css" };
import { propose } from "./chips.js";
import { Conversation } from "./conversation.js";
import { make } from "./elements.js";
import { later } from "./later.js";
import { Line } from "./line.js";
import { Log } from "./log.js";
import { Memory } from "./memory.js";
import { Panel } from "./panel.js";
import { spoken, Words } from "./words.js";

const LONGEST = 2000;
const NEARLY = 1800;
const PATIENT = 3000; // ms that a page has to say who is signed in
const OWN = { widget_title: "name", widget_open: "launcher" }; // words that a page may have of its own, in these attributes

export class SaldoChat extends HTMLElement {
  static observedAttributes = ["identity", "language", "name", "launcher", "logo", "context"];
  #identity;
  #told = () => {};
  #talk;
  #memory;
  #words;
  #panel;
  #log;
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
      choose: (language) => this.#prefer(language),
      keep: () => this.#with(this.#panel.keep, ({ keeping }) => keeping(this.#panel, this.#says, this.#words.language)),
    }, this.getAttribute("position") === "inline");
    this.#log = new Log(this.#panel, this.#words, {
      choose: this.#choose,
      edit: this.#edit,
      propose: this.#propose,
      speak: this.#speak,
      emit: this.#emit,
      rate: ({ id, topics }, helpful, comment) => {
        this.#talk.rate(id, helpful, comment);
        this.#emit("feedback", { id, topics, helpful });
      },
      pass: (way, failed) => this.#with(failed, ({ handover }) => handover(way, this.#says, this.#words.language,
        (body) => this.#talk.handOver(body), (reference) => this.#emit("handover", { reference }))),
    });
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
    this.#log.clear();
  }

  attributeChangedCallback(name, before, now) {
    if (!this.#ready || before === now) return;
    if (name === "identity") this.#again();
    else if (name === "language") this.#prefer(spoken(now) ?? "nl");
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
  #propose = () => {
    const context = this.getAttribute("context");
    propose(this.#panel.log, context && this.#about(context), ({ label }) => this.#choose({ text: label }, label));
  };

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
    message: (message) => this.#log.show(message),
    replay: (past) => this.#log.replay(past),
    greeting: (message) => this.#greet(message),
    language: (language) => this.#speak(language),
    state: (state) => this.#tell(state),
    reset: (ended) => this.#clear(ended),
    sent: (id) => this.#log.sent(id),
    refused: (told) => this.#log.refuse(told),
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

  #prefer(language) {
    this.#wish = language;
    this.#memory.set("language", language);
    this.#talk?.choose(language);
    this.#speak(language);
  }

  #speak = async (language) => {
    if (this.#words.language === language) return;
    await this.#words.speak(language).catch(() => {});
    this.#panel.speak(this.#words);
    this.#log.date();
    this.#tell(this.#state);
    this.#typed();
    this.#emit("language", { language });
  };

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
  #edit = (mine) => {
    const { field } = this.#panel;
    field.value = [mine?.matches(".mine") && mine.lastChild.data, field.value].filter(Boolean).join("\n");
    this.#typed();
    field.focus();
  };

  #clear(ended) {
    this.#log.clear(ended && this.#says("widget_ended"));
    this.#tell("");
  }

  // A page may greet in words of its own.
  #greet(message) {
    const text = this.getAttribute("greeting");
    this.#log.greet(text ? { ...message, blocks: [{ type: "paragraph", text }, ...message.blocks.slice(1)] } : message);
  }

  #choose = (body, label) => {
    this.#say(body, label);
    this.#panel.goOn();
  };

  #emit = (type, detail) => {
    this.dispatchEvent(new CustomEvent(`saldo:${type}`, { detail, bubbles: true, composed: true }));
  };
}

if (!customElements.get("saldo-chat")) customElements.define("saldo-chat", SaldoChat);
