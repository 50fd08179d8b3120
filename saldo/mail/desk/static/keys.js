// Single keys for whoever wants them; they can be switched off, for those who speak to their computer.

import { make, part } from "./elements.js";
import { TOPIC_KEYS } from "./mail.js";
import { says } from "./words.js";

const KEPT = "saldo-desk-keys";
const HELP = [
  ["j ↓", "key_next"], ["k ↑", "key_previous"], ["Enter", "key_enter"], ["Esc", "key_escape"],
  ["d", "key_drafts"], ["e", "key_edit"], ["Ctrl+Enter", "key_save"], ["h", "key_handled"], ["n", "key_not_a_question"],
  ["1 – 9 0 -", "key_topics"], ["r", "key_draft_again"], ["u", "key_undo"], ["/", "key_find"], ["?", "key_help"],
];

const areOn = () => localStorage.getItem(KEPT) !== "off";

export const showHelp = () => {
  part("keys").replaceChildren(...HELP.flatMap(([keys, name]) => [
    make("dt", {}, keys.split(" ").flatMap((key) => [key === "–" ? key : make("kbd", {}, key), " "])), make("dd", {}, says(name))]));
  part("keys-on").checked = areOn();
  part("help").showModal();
};

const isTyping = (target) => target.matches("input, textarea, select");

export const listen = (desk) => {
  part("help-open").addEventListener("click", showHelp);
  part("keys-on").addEventListener("change", (event) => localStorage.setItem(KEPT, event.target.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    if (part("help").open || event.altKey || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.key === "Enter" && event.target.id === "text") desk.save();
      return;
    }
    if (event.key === "Escape") return void desk.leave(event.target);
    if (isTyping(event.target)) {
      if (event.target.id === "find" && ["Enter", "ArrowDown"].includes(event.key)) {
        event.preventDefault();
        desk.toQueue();
      }
      return;
    }
    const inMail = part("mail").contains(event.target);
    const steps = { j: 1, k: -1, ...(inMail ? {} : { ArrowDown: 1, ArrowUp: -1 }) };
    const does = {
      e: () => desk.edit(), n: () => desk.put("not_a_question"), h: () => desk.put("handled"), d: () => desk.toDrafts(),
      r: () => desk.draftAgain(), u: () => desk.undo(), "/": () => part("find").focus(), "?": showHelp,
    };
    const isLetter = event.key.length === 1;
    if (isLetter && (desk.waits || !areOn())) return;
    if (event.key in steps) desk.step(steps[event.key]);
    else if (event.key in does) does[event.key]();
    else if (isLetter && TOPIC_KEYS.includes(event.key)) desk.pickAt(TOPIC_KEYS.indexOf(event.key));
    else if (event.key === "Enter" && (event.target === document.body || event.target.matches(".row"))) desk.enter(event.target);
    else return;
    event.preventDefault();
  });
};
