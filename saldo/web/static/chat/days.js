// What is shown of a conversation that began before today, or was passed on: its days, and its reference.
import { dress } from "./dress.js";
import { make } from "./elements.js";

const named = (day, language) => {
  const ago = Math.round((new Date().setHours(0, 0, 0, 0) - day.setHours(0, 0, 0, 0)) / 864e5);
  return ago < 2 ? new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(-ago, "day")
    : day.toLocaleDateString(language, { dateStyle: "full" });
};

// Where a conversation goes over several days, each begins with its date. Of today alone there is none.
export const dates = (log, language) => {
  dress(log);
  let before = new Date().toDateString();
  for (const card of log.querySelectorAll("[data-at]")) {
    const day = new Date(card.dataset.at);
    const began = day.toDateString();
    const above = card.previousElementSibling;
    const line = above?.matches(".day") ? above : make("p", { class: "day notice" });
    if (began === before) line.remove();
    else {
      const name = named(day, language);
      if (line.textContent !== name) line.textContent = name;
      if (line !== above) card.before(line);
    }
    before = began;
  }
};

// Under the last answer of before it was passed on stands the reference, after a reload too.
export const handed = (log, says, { reference, at }) => {
  if (log.textContent.includes(reference)) return;
  log.querySelector(".handed")?.remove();
  const card = [...log.querySelectorAll(".card[data-at]")].findLast(({ dataset }) => dataset.at <= at);
  card?.append(make("p", { class: "quiet handed" }, says("widget_handover_done", { reference })));
};
