// Small elements, made without markup in strings.
type Made = Record<string, string | boolean | undefined>;

/** An element with attributes and children; a false or missing attribute is left out. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Made = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const found = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== undefined) found.setAttribute(name, value === true ? "" : value);
  }
  found.append(...children);
  return found;
}

/** A button that does something and never sends a form. */
export function button(text: string, does: () => void, attributes: Made = {}): HTMLButtonElement {
  const found = make("button", { type: "button", ...attributes }, text);
  found.addEventListener("click", does);
  return found;
}
