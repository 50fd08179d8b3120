// What the page says, in the language that the command was given.

import { ask } from "./line.js";

let texts = { page: {} };

export const load = async () => {
  texts = await ask("words");
};

export const says = (name, values = {}) =>
  (texts.page[name] ?? name).replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);

// A name of the review's vocabulary, as people read it.
export const called = (kind, name) => texts[kind]?.[name] ?? name.replaceAll("_", " ");

export const topics = () => texts.order;
export const hasMailbox = () => texts.mailbox;

export const percent = (share) => new Intl.NumberFormat(texts.language, { style: "percent" }).format(share);
export const number = (count) => new Intl.NumberFormat(texts.language).format(count);

export const moment = (seconds, long = false) => {
  const day = new Date(1000 * seconds);
  const today = day.toDateString() === new Date().toDateString();
  if (long) return day.toLocaleString(texts.language, { dateStyle: "long", timeStyle: "short" });
  return today
    ? day.toLocaleTimeString(texts.language, { timeStyle: "short" })
    : day.toLocaleDateString(texts.language, { day: "numeric", month: "short" });
};
