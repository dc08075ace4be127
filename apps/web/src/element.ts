/** Builds an element. Text children become text nodes, never markup. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

/** The element that the page's HTML holds under this id. */
export function elementById<T extends HTMLElement>(id: string): T {
  const node = document.getElementById(id);
  if (!node) throw new TypeError(`index.html has no #${id}`);
  // The caller names the tag that index.html gives this id.
  return node as T;
}
