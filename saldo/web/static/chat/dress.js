// What is loaded later brings its style along.
import sheet from "./later.css" with { type: "css" };

export const dress = (part) => {
  const root = part.getRootNode();
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
};
