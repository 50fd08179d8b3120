// Blocks in, elements out: text is placed as text, and a block of an unknown kind is left out.
import { make } from "./elements.js";
import { seats, timeline } from "./pictures.js";

const link = (url, label) => make("a", { href: /^https?:/i.test(url) ? url : null, target: "_blank", rel: "noopener noreferrer" }, label);

// A value breaks only after a dash: a period between its days, a number nowhere.
const whole = (value) => value.split(/(?<=–)(?!\s)|(?<=–\s)/).flatMap((part) => [make("span", {}, part), make("wbr")]);

// A sum does not break at its signs.
const unbroken = (text) => text.replace(/(?<=\d) ([×=+−]) (?=\d)/g, "\u00a0$1\u00a0");

// A source is named at the first of the figures that it gave.
const fact = ({ label, value, formula, source }, at, rows) => make("tr", {},
  make("th", { scope: "row" }, label, source === rows[at - 1]?.source ? null : make("small", {}, source)),
  make("td", {}, make("strong", {}, whole(value)), formula && make("small", {}, `= ${formula}`)));

const contact = ({ label, email, url }) => make("li", {}, `${label}: `,
  email ? make("a", { href: `mailto:${email}` }, email) : link(url, url.split("/")[2]));

const KINDS = {
  paragraph: ({ text }) => make("p", {}, unbroken(text)),
  heading: ({ text }) => make("h3", {}, text),
  steps: ({ items }) => make("ol", {}, items.map((step) => make("li", {}, step))),
  facts: ({ title, rows }) => make("table", {}, make("caption", {}, title), make("tbody", {}, rows.map(fact))),
  seats,
  timeline,
  links: ({ items }) => make("ul", {}, items.map(({ label, url }) => make("li", {}, link(url, label)))),
  contacts: ({ title, items }) => make("ul", { "aria-label": title }, items.map(contact)),
  options: ({ items }, act) => make("div", { class: "options" }, items.map((option) =>
    make("button", { type: "button", onclick: () => act(option) }, option.label))),
  sources: ({ items }) => make("p", { class: "quiet" }, items.flatMap(({ label, url }, at) => [at ? "; " : null, url ? link(url, label) : label])),
  more: ({ label, blocks }, act) => make("details", {}, make("summary", {}, label), blocks.map((block) => rendered(block, act))),
};

// `act` is told which option was chosen.
export const rendered = (block, act) => (Object.hasOwn(KINDS, block.type) ? KINDS[block.type](block, act) : null);
