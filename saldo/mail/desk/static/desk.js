// The desk: which part of the queue is shown, which mail is open, and what is done with it.

import { button, part } from "./elements.js";
import * as keys from "./keys.js";
import { Refused, ask, download, tell } from "./line.js";
import * as pane from "./mail.js";
import * as list from "./queue.js";
import * as words from "./words.js";

const { says } = words;
const NEWS_SECONDS = 20;
const PASSING_BY = 60;

const at = { show: "open", find: "", page: 0 };
let queue = { rows: [], page: 0, pages: 1, counts: {} };
let mail = null;
let wanted = null;
let loading = Promise.resolve();
let working = Promise.resolve();
let busy = false;
let turning = false;
let before = null;
const unsaved = new Map();

const STATUS_SECONDS = 12;
let fading;
const status = (text, ...more) => {
  clearTimeout(fading);
  part("status").replaceChildren(text, ...more);
  if (!part("status").matches(":focus-within")) fading = setTimeout(() => part("status").replaceChildren(), 1000 * STATUS_SECONDS);
};

const failed = (error) => {
  if (!(error instanceof Refused)) throw error;
  if (error.status === 401) status(part("no-token").textContent);
  else status(error.status ? says("failed", { why: error.message }) : says("no_connection"));
};

const drawQueue = () => list.draw(queue, { ...at, current: wanted, choose: (stem) => open(stem) });

const drawMail = () => pane.draw(mail, desk);

const look = async () => {
  queue = await ask("queue", at);
  at.page = queue.page;
  drawQueue();
};

// Open a mail; of those that one only passes by, holding a key, none is asked for.
const open = (stem) => {
  wanted = stem;
  list.mark(stem);
  loading = (async () => {
    await new Promise((done) => setTimeout(done, PASSING_BY));
    if (wanted !== stem) return;
    try {
      const found = await ask("mail", { mail: stem });
      const isWrittenAt = desk.editing && mail?.stem === stem; // nothing takes the letter away under somebody's hands
      if (wanted === stem && !isWrittenAt) show(found);
    } catch (error) {
      failed(error);
    }
  })();
  return loading;
};

// The mail that was chosen, once it is there: nothing is done with one that is no longer meant.
const chosen = async () => {
  await loading;
  return isChosen();
};

const isChosen = () => mail !== null && mail.stem === wanted;

const show = (found) => {
  const same = mail?.stem === found.stem;
  const hadFocus = part("mail").contains(document.activeElement);
  mail = found;
  desk.picked = new Set(found.picked);
  desk.editing = unsaved.has(found.stem);
  desk.unsaved = unsaved.get(found.stem);
  drawMail();
  if (hadFocus) part(desk.editing ? "text" : "subject").focus();
  if (!same) part("mail").scrollTop = 0;
  list.mark(found.stem);
};

const goTo = async (changes) => {
  Object.assign(at, changes);
  try {
    await look();
    const first = queue.rows[0];
    if (first && !queue.rows.some((row) => row.stem === wanted)) open(first.stem);
    if (!first) {
      mail = wanted = null;
      drawMail();
    }
  } catch (error) {
    failed(error);
  }
};

// Do something with the open mail, one thing at a time.
const during = (work) => {
  if (!busy) working = done(work);
  return working;
};

const done = async (work) => {
  busy = true;
  try {
    if (await chosen()) await work();
  } catch (error) {
    failed(error);
    if (error.status === 409 && !desk.editing) await open(mail.stem);
  } finally {
    busy = false;
  }
};

const place = () => queue.rows.findIndex((row) => row.stem === wanted);

// The queue without the mail that is done with, and the next one open.
const onwards = async (had) => {
  const inRow = part("rows").contains(document.activeElement);
  await look();
  const next = queue.rows[Math.min(had, queue.rows.length - 1)];
  if (next) open(next.stem);
  else {
    mail = wanted = null;
    drawMail();
  }
  if (inRow || [document.body, null].includes(document.activeElement)) (list.rowOf(next?.stem ?? "") ?? part("find")).focus();
};

export const desk = {
  picked: new Set(),
  editing: false,
  waits: false,
  unsaved: undefined,

  step(by) {
    if (turning) return;
    const next = place() + by;
    if (next >= queue.rows.length && queue.page + 1 < queue.pages) return this.turn(1);
    if (next < 0 && queue.page > 0) return this.turn(-1);
    const row = queue.rows[Math.max(0, Math.min(next, queue.rows.length - 1))];
    if (!row) return;
    list.rowOf(row.stem)?.focus();
    open(row.stem);
  },

  async turn(by) {
    turning = true;
    await goTo({ page: at.page + by });
    if (by < 0 && queue.rows.length) open(queue.rows.at(-1).stem);
    turning = false;
    this.toQueue();
  },

  async enter(target) {
    if (target.matches(".row") && target.dataset.mail !== wanted) open(target.dataset.mail);
    if (await chosen()) part("subject").focus();
  },

  toQueue() {
    (list.rowOf(wanted ?? "") ?? part("rows").querySelector(".row"))?.focus();
  },

  leave(target) {
    if (target.id === "text") this.cancel();
    else if (target.id === "find" && target.value) {
      target.value = "";
      goTo({ find: "", page: 0 });
    } else this.toQueue();
  },

  // What is typed after the key must go into the letter and be no command, so nothing is waited for if it is there.
  async edit() {
    if (busy || !isChosen()) {
      this.waits = true;
      await Promise.all([loading, working]);
      this.waits = false;
    }
    if (!isChosen() || mail.letter === null || this.editing) return;
    this.editing = true;
    drawMail();
    const text = part("text");
    text.focus();
    text.setSelectionRange(0, 0);
    text.scrollTop = 0;
  },

  typed(text) {
    if (text === mail.letter) unsaved.delete(mail.stem);
    else unsaved.set(mail.stem, text);
  },

  cancel() {
    unsaved.delete(mail.stem);
    this.editing = false;
    this.unsaved = undefined;
    drawMail();
    part("subject").focus();
    open(mail.stem); // it may have changed meanwhile
  },

  save: () => during(async () => {
    const found = await tell("letter", { mail: mail.stem, text: part("text").value, revision: mail.revision });
    unsaved.delete(found.stem);
    desk.editing = false;
    show(found);
    status(says("said_saved"));
    part("subject").focus();
    look().catch(failed);
  }),

  put: (state) => during(async () => {
    const had = place();
    before = { stem: mail.stem, state: mail.state };
    await tell("state", { mail: mail.stem, state });
    status(says(`said_${state}`), " ", button(says("undo"), () => desk.undo(), {}, "u"));
    await onwards(Math.max(0, had));
  }),

  async undo() {
    const last = before;
    if (mail && mail.state !== "open") return this.put("open");
    if (!last) return;
    before = null;
    try {
      await tell("state", { mail: last.stem, state: last.state === "in_drafts" ? "open" : last.state });
      status(says("said_open"));
      await look();
      await open(last.stem);
      this.toQueue();
    } catch (error) {
      failed(error);
    }
  },

  toDrafts: () => during(async () => {
    if (mail.letter === null) return;
    if (!words.hasMailbox()) {
      await download(mail.stem);
      status(says("said_downloaded"));
      return;
    }
    const had = place();
    const found = await tell("drafts", { mail: mail.stem, revision: mail.revision });
    before = { stem: mail.stem, state: "open" };
    status(says("said_in_drafts", { folder: found.folder }));
    await onwards(Math.max(0, had));
  }),

  async pick(topic) {
    if (!(await chosen()) || !mail.kept) return;
    if (!this.picked.delete(topic)) this.picked.add(topic);
    const chip = document.querySelector(`[data-topic="${topic}"]`);
    chip.setAttribute("aria-pressed", String(this.picked.has(topic)));
    chip.scrollIntoView({ block: "nearest" });
    status(`${words.called("topics", topic)}: ${this.picked.has(topic) ? "✓" : "–"}`);
  },

  pickAt(number) {
    const topic = words.topics()[number];
    if (topic) this.pick(topic);
  },

  draftAgain: () => during(async () => {
    if (unsaved.has(mail.stem)) return status(says("unsaved"));
    if (!mail.kept || !desk.picked.size) return status(says("no_letter"));
    status(says("drafting"));
    part("again").disabled = true;
    try {
      const found = await tell("topics", { mail: mail.stem, topics: [...desk.picked], revision: mail.revision });
      unsaved.delete(found.stem);
      show(found);
      status(says("said_drafted"));
      part("subject").focus();
      look().catch(failed);
    } finally {
      if (part("again")) part("again").disabled = false;
    }
  }),
};

const start = async () => {
  try {
    await words.load();
    await goTo({});
    desk.toQueue();
  } catch (error) {
    failed(error);
    part("mail").replaceChildren();
    return;
  }
  keys.listen(desk);
  let waiting;
  part("find").addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => goTo({ find: event.target.value, page: 0 }), 150);
  });
  part("find").form.addEventListener("submit", (event) => event.preventDefault());
  part("previous").addEventListener("click", () => goTo({ page: at.page - 1 }));
  part("next").addEventListener("click", () => goTo({ page: at.page + 1 }));
  for (const tab of document.querySelectorAll("[data-show]"))
    tab.addEventListener("click", () => goTo({ show: tab.dataset.show, page: 0 }));
  setInterval(() => document.visibilityState === "visible" && !busy && look().catch(failed), 1000 * NEWS_SECONDS);
  addEventListener("beforeunload", (event) => unsaved.size && event.preventDefault());
};

start();
