// What few need is loaded once it is needed: the way to a person, and keeping the conversation.
// Whoever joins the modules (saldo/web/bundle.py) writes its name and its hash before them, as LATER; so the hash of the
// page's one script vouches for it too.
import { make } from "./elements.js";

let loaded;

// The browser compares it with its hash, and what is imported then is what was compared.
const fetched = ([name, integrity]) => new Promise((resolve, reject) => {
  const { href } = new URL(name, import.meta.url);
  document.head.append(make("link", { rel: "modulepreload", crossorigin: "", integrity, href, onload: () => resolve(import(href)), onerror: reject }));
});

// With the words for it. What failed is tried again the next time.
export const later = async (words) => {
  loaded ??= fetched(LATER).catch((problem) => { loaded = null; throw problem; });
  return (await Promise.all([loaded, words.add("later")]))[0];
};
