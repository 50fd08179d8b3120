// The queue: one page of it at a time, so that thousands of mails are as quick as ten.

import { make, part, pill } from "./elements.js";
import { called, moment, number, says } from "./words.js";

const pills = (row) =>
  make("span", { class: "pills" },
    row.urgent && pill(says("urgent"), "urgent"),
    row.state !== "open" && pill(called("states", row.state), "done"),
    row.answered && pill(says("answered"), "done"),
    row.overtaken && pill(says("overtaken"), "done"),
    row.outcome !== "draft" && pill(called("outcomes", row.outcome), row.outcome),
    row.edited && pill(says("edited"), "edited"),
    row.risks.length > 0 && make("span", { class: "risks" }, row.risks.map((risk) => called("risks", risk)).join(" · ")));

const line = (row, current, choose) =>
  make("li", {},
    make("button", { type: "button", class: "row", "data-mail": row.stem, onclick: () => choose(row.stem),
      "aria-current": row.stem === current && "true", tabindex: row.stem === current ? 0 : -1 },
      make("span", { class: "who" }, row.sender || "–"),
      make("time", { datetime: new Date(1000 * row.arrived).toISOString() }, moment(row.arrived)),
      make("span", { class: "subject" }, row.subject || says("no_subject")),
      pills(row)));

export const draw = (queue, { show, find, current, choose }) => {
  const rows = part("rows");
  const focused = rows.contains(document.activeElement) && document.activeElement.dataset.mail;
  rows.replaceChildren(...queue.rows.map((row) => line(row, current, choose)));
  if (queue.rows.length && !rows.querySelector("[tabindex='0']")) rows.querySelector("button").tabIndex = 0;
  if (focused) rowOf(focused)?.focus({ preventScroll: true });
  const nothing = part("nothing");
  nothing.hidden = queue.rows.length > 0;
  nothing.textContent = says(find ? "nothing_found" : show === "open" ? "nothing_open" : "nothing_here");
  document.querySelector(".pager").hidden = queue.pages < 2;
  part("pages").textContent = says("of_pages", { page: queue.page + 1, pages: queue.pages });
  part("previous").disabled = queue.page === 0;
  part("next").disabled = queue.page + 1 >= queue.pages;
  for (const tab of document.querySelectorAll("[data-show]")) {
    tab.setAttribute("aria-pressed", String(tab.dataset.show === show));
    tab.querySelector(".count").textContent = number(queue.counts[tab.dataset.show]);
  }
};

export const rowOf = (stem) => part("rows").querySelector(`[data-mail="${CSS.escape(stem)}"]`);

// Which row is the open one, without drawing all anew.
export const mark = (stem) => {
  for (const row of part("rows").querySelectorAll(".row")) {
    const isIt = row.dataset.mail === stem;
    row.tabIndex = isIt ? 0 : -1;
    if (isIt) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
  rowOf(stem)?.scrollIntoView({ block: "nearest" });
};
