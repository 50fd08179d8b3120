// What waits to be sent, oldest first, as every tab of this browser remembers it.
const QUIET = 700; // ms without a message or a key, after which a message is all that is asked …
const ASKED = 250; // … and where it ends as questions do
const LONGEST_QUIET = 4000;
const SHORT = 300; // characters of messages that may be one question
const ENDS_AS_QUESTION = /[?？]\s*$/;

export class Outbox {
  #memory;

  constructor(memory) {
    this.#memory = memory;
  }

  get items() {
    return this.#memory.get("outbox") ?? [];
  }

  // What is typed may go on in the next message: it waits for a moment of quiet, and they are one question.
  add(body, shown, typed) {
    const now = Date.now();
    const last = this.items.at(-1);
    const due = typed ? now + (ENDS_AS_QUESTION.test(shown) ? ASKED : QUIET) : now;
    const chosen = this.#memory.get("chosen");
    const language = chosen && { language: chosen };
    this.#memory.set("chosen");
    if (typed && last?.due > now && last.shown.length + shown.length < SHORT) {
      const text = `${last.shown}\n${shown}`;
      return this.#keep({ ...last, due: Math.min(due, last.since + LONGEST_QUIET), body: { ...last.body, ...language, text }, shown: text });
    }
    const item = { body: { ...body, ...language, id: `m-${now}-${Math.random().toString(36).slice(2)}` }, shown, since: now, due };
    this.#memory.set("outbox", [...this.items, item]);
    return item;
  }

  // The customer goes on typing: what was just said may not be all.
  wait() {
    const last = this.items.at(-1);
    if (last?.due > Date.now() && !ENDS_AS_QUESTION.test(last.shown)) {
      this.#keep({ ...last, due: Math.min(Date.now() + QUIET, last.since + LONGEST_QUIET) });
    }
  }

  // How long the oldest is still to wait; not at all where the clock was changed.
  rest({ due }) {
    const rest = due - Date.now();
    return rest <= LONGEST_QUIET ? rest : 0;
  }

  drop({ body }) {
    this.#memory.set("outbox", this.items.filter((item) => item.body.id !== body.id));
  }

  // The newest, changed.
  #keep(item) {
    this.#memory.set("outbox", [...this.items.slice(0, -1), item]);
    return item;
  }
}
