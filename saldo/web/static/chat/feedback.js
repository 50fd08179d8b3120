// "Was this helpful?" under an answer: yes or no, then a comment for whoever wants to add one.
import { make } from "./elements.js";

let count = 0;

// `rate(helpful, comment)` sends the verdict; `given` is the one of before a reload.
export const feedback = (says, rate, given) => {
  const id = `comment-${(count += 1)}`;
  const thanks = make("p", { class: "quiet", role: "status" });
  const field = make("textarea", { rows: 2, maxlength: 1000, id });
  const question = says("feedback_question");
  const choose = (helpful) => {
    answers.forEach((button, at) => { button.ariaPressed = helpful === !at; });
    form.hidden = false;
    thanks.textContent = says("feedback_thanks");
    given = helpful;
    rate(helpful);
  };
  const send = (event) => {
    event.preventDefault();
    rate(given, field.value.trim());
    answers[given ? 0 : 1].focus();
    form.hidden = true;
  };
  const form = make("form", { hidden: true, onsubmit: send },
    make("label", { class: "quiet", for: id }, says("feedback_comment")), field, make("button", {}, says("feedback_send")));
  const answers = [true, false].map((helpful) => make("button",
    { type: "button", "aria-pressed": `${given === helpful}`, onclick: () => choose(helpful) }, says(helpful ? "yes" : "no")));
  return make("div", { class: "feedback", role: "group", "aria-label": question },
    make("div", {}, make("span", { class: "quiet" }, question), answers), thanks, form);
};
