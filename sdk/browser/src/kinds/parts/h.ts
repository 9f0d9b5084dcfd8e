export type Child = Node | string | false | null | undefined;

/** Attributes by name, and listeners by `on` and the event's name. An attribute that is undefined or false is left out. */
export type Props = Readonly<Record<string, string | number | boolean | undefined | ((event: never) => void)>>;

/** Makes an element. Strings become text, never markup: nothing in the SDK parses HTML. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  props: Props = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  return fit(document.createElement(tag), props, children);
}

/** Gives an element its attributes, listeners and children. */
export function fit<Kind extends Element>(element: Kind, props: Props, children: readonly Child[]): Kind {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as (event: Event) => void);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== false && child !== null && child !== undefined));
  return element;
}
