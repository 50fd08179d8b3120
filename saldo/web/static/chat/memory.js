// What outlives a reload and is shared by the tabs of one browser: the session, the draft, what is not yet sent.
// Answers are not kept here; they are read again from the server.

const here = new EventTarget(); // browsers tell of a change in other tabs only, and a page may have two elements
const own = {}; // what storage does not take: it is blocked or full

export class Memory {
  #name;

  constructor(server) {
    this.#name = `saldo-chat ${server} `;
  }

  get(key) {
    const name = this.#name + key;
    try {
      return JSON.parse(own[name] ?? localStorage.getItem(name));
    } catch {
      return null;
    }
  }

  set(key, value = null) {
    const name = this.#name + key;
    const text = JSON.stringify(value);
    if (JSON.stringify(this.get(key)) === text) return;
    delete own[name];
    try {
      localStorage.setItem(name, text);
    } catch {
      own[name] = text;
    }
    queueMicrotask(() => here.dispatchEvent(Object.assign(new Event("storage"), { key: name, from: this })));
  }

  // Tell when another tab, or another element of this page, has changed something.
  watch(changed, signal) {
    const hear = ({ key, from }) => from !== this && key?.startsWith(this.#name) && changed(key.slice(this.#name.length));
    [window, here].forEach((place) => place.addEventListener("storage", hear, { signal }));
  }
}
