// Elements made of names, attributes and text. Nothing here, or anywhere in the widget, parses markup.

const place = (made, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== false && value != null) made.setAttribute(name, value);
  }
  made.append(...children.flat().filter((child) => child != null));
  return made;
};

export const make = (name, attributes = {}, ...children) => place(document.createElement(name), attributes, children);

export const drawn = (name, attributes, ...children) =>
  place(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);

export const icon = (d) => drawn("svg", { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" }, drawn("path", { d }));
