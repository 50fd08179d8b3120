// What outlives a reload and is shared by the tabs of one browser: the session, the draft, what is not yet sent.
// Answers are not kept here; they are read again from the server.

export class Memory {
  #name;
  #own = {};

  constructor(server) {
    this.#name = `saldo-chat ${server} `;
  }

  get(key) {
    try {
      return JSON.parse(localStorage.getItem(this.#name + key));
    } catch {
      return this.#own[key];
    }
  }

  set(key, value = null) {
    this.#own[key] = value; // all there is where storage is blocked or full
    try {
      localStorage.setItem(this.#name + key, JSON.stringify(value));
    } catch {}
  }

  // Tell when another tab has changed something.
  watch(changed, signal) {
    addEventListener("storage", ({ key }) => key?.startsWith(this.#name) && changed(key.slice(this.#name.length)), { signal });
  }
}
