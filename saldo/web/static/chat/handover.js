// The way to a person, once it is taken: one sees what is passed on, says where the answer is to go, and gets a reference.
import { dress } from "./dress.js";
import { make } from "./elements.js";

// In the place of what stands in `box`, the offer and what failed. `hand()` tells what would be passed on, `hand(body)` passes
// it on; `done(reference)` hears of it.
export const handover = (box, says, lang, hand, done) => {
  const [offer, failed] = box.children;
  dress(box);
  const word = (name, values) => says(`widget_handover_${name}`, values);
  const show = (part, ...parts) => {
    box.replaceChildren(part, ...parts);
    (part.querySelector("h3") ?? part).focus();
    const [top, edge] = [box, box.closest(".scroller")].map((each) => each.getBoundingClientRect().top);
    box.closest(".scroller").scrollTop += top - edge; // stops at the end by itself
  };
  const fail = (why) => {
    failed.textContent = why;
    failed.scrollIntoView({ block: "center" });
  };
  const attempt = async (task) => {
    failed.textContent = "";
    try {
      await task();
    } catch ({ status, message }) {
      fail(status === 400 || status === 413 ? message : says("error"));
    }
  };
  const line = ({ from, text }) => make("p", {}, make("strong", {}, `${says(from === "saldo" ? "widget_title" : "widget_customer")}: `), text);
  const form = ({ customer, transcript }) => {
    const email = make("input", { type: "email", autocomplete: "email", maxlength: 254, required: !customer && "" });
    const text = make("textarea", { rows: 2, maxlength: 2000 });
    const send = (event) => {
      event.preventDefault();
      const right = email.checkValidity();
      email.ariaInvalid = !right;
      if (right) return attempt(pass);
      email.focus();
      return fail(word("bad_address"));
    };
    const pass = async () => {
      const { reference, mailto } = await hand({ email: email.value, text: text.value.trim(), language: lang });
      show(make("p", { tabindex: -1 }, word("done", { reference })), mailto ? make("a", { href: mailto }, word("mail")) : "");
      done(reference);
    };
    return make("form", { novalidate: "", onsubmit: send },
      make("h3", { tabindex: -1 }, word("title")),
      make("p", {}, word("intro")),
      customer && make("p", { class: "quiet" }, word("as", customer)),
      make("details", {}, make("summary", {}, word("shown")), transcript.map(line)),
      failed,
      make("label", {}, word(customer ? "email_optional" : "email"), email),
      make("label", {}, word("text"), text),
      make("p", { class: "does" }, make("button", { class: "send" }, word("send")),
        make("button", { type: "button", onclick: () => show(offer, failed) }, word("cancel"))));
  };
  return attempt(async () => show(form(await hand())));
};
