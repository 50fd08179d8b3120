// "Was this helpful?" under an answer. A yes is thanked for; after a no there is a way on, and room for a comment.
import { make } from "./elements.js";

let count = 0;

// `does` can `rate(helpful, comment)`, `act(option)`, `reword()` and `bring(part)` into view; `helpful` is the verdict
// of before a reload, `instead` are the questions that may have been meant.
export const feedback = (says, does, { helpful: given, instead = [] }) => {
  const id = `comment-${(count += 1)}`;
  const heard = make("p", { class: "quiet", role: "status" });
  const field = make("textarea", { rows: 2, maxlength: 1000, id });
  const question = says("feedback_question");
  const way = (label, go, name) => make("button", { type: "button", class: name, onclick: go }, label);
  const ways = make("div", { class: "ways", hidden: true });
  const choose = (helpful) => {
    answers.forEach((button, at) => { button.ariaPressed = helpful === !at; });
    form.hidden = ways.hidden = helpful;
    heard.textContent = says(helpful ? "feedback_thanks" : "feedback_no");
    const others = box.closest("article").nextElementSibling ? [] : instead; // later ones are on offer no more
    ways.replaceChildren(
      ...others.map((option) => way(option.label, () => does.act(option), "instead")),
      way(says("feedback_reword"), does.reword));
    given = helpful;
    does.rate(helpful);
    does.bring(box);
  };
  const send = (event) => {
    event.preventDefault();
    does.rate(given, field.value.trim());
    answers[given ? 0 : 1].focus();
    form.hidden = true;
    heard.textContent = says("feedback_thanks");
  };
  const form = make("form", { hidden: true, onsubmit: send },
    make("label", { class: "quiet", for: id }, says("feedback_comment")), field, make("button", {}, says("feedback_send")));
  const answers = [true, false].map((helpful) => make("button",
    { type: "button", "aria-pressed": `${given === helpful}`, onclick: () => choose(helpful) }, says(helpful ? "yes" : "no")));
  const box = make("div", { class: "feedback", role: "group", "aria-label": question },
    make("div", { class: "verdict" }, make("span", { class: "quiet" }, question), answers), heard, ways, form);
  return box;
};
