export type Child = Node | string | false | null | undefined;

/** Attributes by name, and listeners by `on` and the event's name. An attribute that is undefined or false is left out. */
export type Props = Readonly<Record<string, string | number | boolean | undefined | ((event: never) => void)>>;

type Tag = keyof HTMLElementTagNameMap;

/**
 * Makes an element. Strings become text, never markup: nothing in the SDK parses HTML.
 * @param spec a tag, and classes behind points: `p.muted`. Each class is a part as well, so that an app can style it by `::part(muted)`
 */
export function h<Name extends Tag>(
  spec: Name | `${Name}.${string}`,
  props: Props = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Name] {
  const [tag, ...classes] = spec.split('.') as [Name, ...string[]];
  return fit(document.createElement(tag), classes, props, children);
}

/** Gives an element its classes, attributes, listeners and children. */
export function fit<Kind extends Element>(
  element: Kind,
  classes: readonly string[],
  props: Props,
  children: readonly Child[] = [],
): Kind {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as (event: Event) => void);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...shown(children));
  return classed(element, ...classes);
}

/** Gives an element other classes, and the parts of the same names. */
export function classed<Kind extends Element>(
  element: Kind,
  ...classes: readonly (string | false | undefined)[]
): Kind {
  const names = classes.filter(Boolean).join(' ');
  if (names) for (const name of ['class', 'part']) element.setAttribute(name, names);
  return element;
}

/** Without what is left out. An empty text is left out, too. */
export const shown = (children: readonly Child[]): (Node | string)[] =>
  children.filter((child): child is Node | string => !!child);
