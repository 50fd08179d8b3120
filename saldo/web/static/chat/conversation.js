// One conversation with the server, without any picture of it: sessions, messages, replay, retrying.
// `tell(what, detail)` hears of a message, replay, greeting, language, state, reset, sent, refused or error.
import { Problem } from "./line.js";
import { Outbox } from "./outbox.js";

const EARLY = 60000; // ms before its end at which a session is renewed
const SLOW = 4000;
const LONGEST_WAIT = 30000;

// Whom or what a token is about; whether it is genuine is for the server to say.
const subject = (token) => {
  try {
    return JSON.parse(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"))).sub;
  } catch {
    return null;
  }
};

export class Conversation {
  #line;
  #memory;
  #outbox;
  #identity;
  #tells;
  #cursor = 0;
  #shown;
  #failing;
  #over;
  #timer;
  #working = Promise.resolve();
  #wake = () => {};

  constructor(line, memory, identity, tell) {
    this.#line = line;
    this.#memory = memory;
    this.#outbox = new Outbox(memory);
    this.#identity = identity;
    this.#tells = tell;
  }

  // Go on with what this browser remembers, or begin: in the language wished, in the customer's, or in the page's.
  start(language, page) {
    this.language = language;
    this.page = page;
    this.#work(async () => {
      const session = this.#session;
      if (session && subject(await this.#asked()) === session.subject) await this.#catchUp();
      else await this.#begin();
      await this.#deliver();
    });
  }

  send(body, shown, typed) {
    this.#say(this.#outbox.add(body, shown, typed));
    this.#work(() => this.#deliver());
  }

  typing() {
    this.#outbox.wait();
  }

  // What was said elsewhere: in another tab, or before a reload.
  replay() {
    if (this.#session) this.#work(() => this.#catchUp());
  }

  // The customer's choice goes with the next message; the server remembers it from there.
  choose(language) {
    this.language = language;
    this.#memory.set("chosen", language);
    this.replay();
  }

  rate(message, helpful, comment) {
    const body = { message, helpful, ...(comment && { comment }) };
    this.#work(() => this.#authorised(() => "feedback", body));
  }

  // What a person would get of the conversation; with a body it is passed on. What fails is the caller's to tell.
  handOver(body) {
    return this.#authorised(() => "handover", body);
  }

  // End the conversation here, in other tabs and on the server; nothing of it can be read any more.
  async signOut() {
    const session = this.#session;
    this.stop();
    ["session", "outbox", "draft", "chosen"].forEach((key) => this.#memory.set(key));
    if (session) await this.#line.call("session", { method: "DELETE", bearer: session.token }).catch(() => {});
  }

  stop() {
    this.#over = true;
    this.#wake();
  }

  retry() {
    this.#wake();
    this.#work(() => this.#deliver());
  }

  // Another tab has changed what both remember.
  heard(key) {
    if (key === "beat") this.replay();
    const conversation = subject(this.#session?.token);
    if (key !== "session" || conversation === this.#shown) return; // only renewed
    this.#shown = conversation;
    this.#fresh(false);
    this.replay();
  }

  get #session() {
    return this.#memory.get("session");
  }

  #tell(what, detail) {
    if (!this.#over) this.#tells(what, detail);
  }

  // One thing at a time, in this tab; what fails for good is told.
  #work(task) {
    this.#working = this.#working.then(() => this.#insist(task)).catch(({ status, message }) => {
      this.#tell("state", status === 401 ? "identity" : "failed");
      this.#tell("error", { status, message });
    });
  }

  // Do it again, each time after a longer pause, as long as the failure may pass.
  async #insist(task) {
    for (let pause = 1000; !this.#over; pause = Math.min(pause * 2, LONGEST_WAIT)) {
      const slow = setTimeout(() => this.#failing || this.#tell("state", "slow"), SLOW);
      try {
        await task();
        this.#failing = false;
        return this.#tell("state", "");
      } catch (problem) {
        this.#failing = problem.passing;
        if (!problem.passing) throw problem;
        this.#tell("state", problem.status === 429 ? (this.#outbox.items.length ? "busy" : "crowded") : navigator.onLine ? "unreachable" : "offline");
        this.#tell("error", { status: problem.status, message: problem.message });
        await this.#pause(problem.wait || pause * (0.75 + Math.random() / 2));
      } finally {
        clearTimeout(slow);
      }
    }
    return undefined;
  }

  #pause(milliseconds) {
    return new Promise((resolve) => {
      this.#wake = resolve;
      setTimeout(resolve, milliseconds);
      addEventListener("online", resolve, { once: true });
    });
  }

  // Send what waits, oldest first; the lock keeps two tabs from doing so at once.
  #deliver() {
    const all = async () => {
      for (let [item] = this.#outbox.items; item && !this.#over; [item] = this.#outbox.items) {
        const rest = this.#outbox.rest(item);
        if (rest > 0) {
          clearTimeout(this.#timer);
          this.#timer = setTimeout(() => this.#work(() => this.#deliver()), rest);
          return;
        }
        await this.#post(item);
        this.#outbox.drop(item);
      }
    };
    const alone = (problem) => { // no locks where the browser blocks storage, and no other tabs to be kept from either
      if (problem.name !== "SecurityError") throw problem;
      return all();
    };
    return navigator.locks ? navigator.locks.request("saldo-chat", all).catch(alone) : all();
  }

  async #post(item) {
    this.#say(item);
    if (!this.#failing) this.#tell("state", "typing");
    try {
      await this.#arrived(await this.#authorised(() => "messages", item.body), item);
    } catch (problem) {
      if (problem.passing || problem.status === 401) throw problem;
      this.#tell("refused", { id: item.body.id, detail: problem.message });
      this.#tell("error", { status: problem.status, message: problem.message });
    }
  }

  async #arrived({ messages, cursor }, item) {
    if (cursor - messages.length - 1 > this.#cursor) await this.#catchUp(messages); // another tab spoke meanwhile
    else {
      this.#cursor = Math.max(this.#cursor, cursor);
      this.#tell("sent", item.body.id);
      messages.forEach((message) => this.#tell("message", message));
    }
    this.#memory.set("beat", cursor);
  }

  #say({ body, shown }) {
    this.#tell("message", { id: body.id, from: "customer", text: shown, waiting: true });
  }

  // Both sides since the cursor, in the order of the server; of these, `answers` are new to the customer.
  async #catchUp(answers = []) {
    const language = this.language ? `&language=${this.language}` : "";
    const { greeting, messages, cursor, handover } = await this.#authorised(() => `messages?after=${this.#cursor}${language}`);
    this.#shown = subject(this.#session.token);
    this.#tell("greeting", greeting);
    this.#tell("replay", { messages, fresh: answers.map(({ id }) => id), handover });
    this.#cursor = Math.max(this.#cursor, cursor);
  }

  // A call in the session; one that ended is renewed first, or begun anew, once.
  async #authorised(path, body) {
    const call = () => this.#line.call(path(), { body, bearer: this.#session.token });
    if (!(this.#session?.expires - EARLY > Date.now())) await this.#renew();
    try {
      return await call();
    } catch (problem) {
      if (problem.status !== 401) throw problem;
      await this.#renew();
      return call();
    }
  }

  // What was on its way when the customer changed was another's: it is not sent.
  async #renew() {
    if (await this.#begin()) throw new Problem(409);
  }

  // Begin, or renew: true if it is another customer's than before.
  async #begin() {
    const identity = await this.#asked();
    const earlier = this.#session;
    const body = identity ? { identity } : { language: this.page };
    if (this.language) body.language = this.language;
    const begun = await this.#line.call("session", { body, bearer: earlier?.token });
    if (this.#over) throw new Problem(409); // somebody signed in meanwhile, and that conversation stays
    const session = { token: begun.session, expires: Date.now() + begun.expires_in * 1000, subject: subject(identity) };
    const other = Boolean(earlier) && earlier.subject !== session.subject;
    this.#memory.set("session", session);
    if (other) this.#memory.set("outbox");
    this.#shown = subject(session.token);
    if (!begun.continued) this.#fresh(earlier && !other);
    this.#tell("language", begun.language);
    this.#tell("greeting", begun.messages[0]);
    this.#outbox.items.forEach((item) => this.#say(item));
    return other;
  }

  #fresh(ended) {
    this.#cursor = 0;
    this.#tell("reset", ended);
  }

  async #asked() {
    try {
      return await this.#identity();
    } catch {
      throw new Problem(401);
    }
  }
}
