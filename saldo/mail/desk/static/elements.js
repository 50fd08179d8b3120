// Elements made of names, attributes and text. Nothing on this page parses markup.

export const make = (name, attributes = {}, ...children) => {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value !== false && value != null) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat(2).filter((child) => child != null && child !== false));
  return made;
};

export const part = (id) => document.getElementById(id);

export const pill = (text, kind = "") => make("span", { class: `pill ${kind}` }, text);

export const button = (text, onclick, attributes = {}, key = "") =>
  make("button", { type: "button", onclick, "aria-keyshortcuts": key || null, ...attributes },
    text, key && make("kbd", { "aria-hidden": "true" }, key));
