// The widget in an iframe: who is signed in is for the page around it to say, by messages. docs/embedding.md tells them.
const PATIENT = 10000; // ms that the page has to fetch a fresh token
const chat = document.querySelector("saldo-chat");
const origins = document.querySelector("meta[name=saldo-origins]").content.split(" ");
const waiting = new Set();
let given; // a token that nobody has waited for; each is good once

// It says nothing of anybody, and the policy lets none but allowed pages frame this one.
const ask = () => parent.postMessage({ type: "saldo:identity-wanted" }, "*");

// A page that answers nothing is never taken for nobody: it fails, and the customer is told.
const identity = () => {
  if (given === undefined) {
    return new Promise((resolve, reject) => {
      waiting.add(resolve);
      setTimeout(() => { waiting.delete(resolve); reject(); }, PATIENT);
      ask();
    });
  }
  const token = given;
  given = undefined;
  return token;
};

addEventListener("message", ({ source, origin, data }) => {
  if (data?.type !== "saldo:identity") return;
  if (source !== parent || !origins.includes(origin)) {
    console.error(`saldo-chat: an identity from ${origin} is ignored; it must come from the page around the frame, and SALDO_ORIGINS must list that.`);
    return;
  }
  const [next] = waiting;
  const token = data.identity ?? null;
  if (next) {
    waiting.delete(next);
    next(token);
    return;
  }
  given = token;
  chat.identity = identity; // until now nobody was signed in, or somebody else
});

if (parent !== window) ask();
