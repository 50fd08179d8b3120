// Choices under the newest answer: what may be asked next, and what the host's page shows.
import { rendered } from "./blocks.js";
import { make } from "./elements.js";

export const next = (items, act) => {
  const offer = rendered({ type: "options", items }, act);
  offer.classList.add("next");
  return offer;
};

// A question to offer before all others, in the place of the one before; none if there is none.
export const propose = (log, label, act) => {
  log.querySelector(".about")?.remove();
  const card = log.lastElementChild;
  if (!label || !card?.matches(".card")) return;
  const offer = next([{ label }], act);
  offer.firstChild.className = "about";
  const others = card.querySelector(".next");
  if (others) others.prepend(offer.firstChild);
  else card.append(offer);
};

// Something else was said: what was asked back can be read on, what was merely offered is gone.
export const settle = (log) => {
  log.querySelectorAll(".next, .instead").forEach((choice) => choice.remove());
  log.querySelectorAll(".options").forEach((choice) => {
    choice.replaceWith(make("ul", { class: "quiet" }, [...choice.children].map((each) => make("li", {}, each.textContent))));
  });
};
