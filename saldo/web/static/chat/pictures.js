// Pictures of the billed licences: used and free ones, and how many there were when. The words beside them tell the same.
// A filled square is used, a ring is free: told apart without colour.
import { drawn, make } from "./elements.js";

const IN_A_ROW = 10;
const MOST = 40;
const STEP = 20;
const WIDE = 200;

const seat = (used, x, y) => used
  ? drawn("rect", { x: x + 3, y: y + 3, width: 14, height: 14, rx: 4, class: "used" })
  : drawn("circle", { cx: x + 10, cy: y + 10, r: 6, class: "free" });

const svg = (width, height, attributes, inside) => drawn("svg", { viewBox: `0 0 ${width} ${height}`, width, height, ...attributes }, inside);

const spots = (used, all) => Array.from({ length: all }, (_, at) => seat(at < used, (at % IN_A_ROW) * STEP, Math.floor(at / IN_A_ROW) * STEP));

const bar = (used, all) => [["free", all], ["used", used]].map(([kind, length]) =>
  drawn("rect", { x: 1, y: 3, width: (198 * length) / all, height: 14, rx: 4, class: kind }));

const key = (used, label) => make("span", {}, svg(STEP, STEP, {}, seat(used, 0, 0)), label);

export const seats = ({ used, free, label_used: usedLabel, label_free: freeLabel }) => {
  const all = used + free;
  const many = all > MOST;
  const height = many ? STEP : Math.ceil(all / IN_A_ROW) * STEP;
  const picture = svg(WIDE, height, { role: "img", "aria-label": `${usedLabel}, ${freeLabel}` }, (many ? bar : spots)(used, all));
  return make("figure", {}, picture, make("figcaption", { "aria-hidden": "true" }, key(true, usedLabel), key(false, freeLabel)));
};

// A period with a change in it: below each other, what is billed from which day to which.
export const timeline = ({ title, days, rows }) => make("figure", { class: "timeline" },
  make("p", { class: "quiet" }, title),
  rows.map(({ label, start: from, end: to, from_day: first, to_day: last }) => make("p", {}, label, make("small", {}, `${from}–${to}`),
    drawn("svg", { "aria-hidden": "true" },
      drawn("rect", { x: `${(100 * first) / days}%`, width: `${(100 * (last - first)) / days}%`, height: 8, rx: 4, class: "used" })))));
