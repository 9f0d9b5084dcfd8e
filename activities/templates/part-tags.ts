/** A tag that names another file, or a place in it: `{% include "footer" %}`. */
export interface PartTag {
  readonly name: 'include' | 'render' | 'layout' | 'block' | 'endblock';
  /** What stands behind the name. */
  readonly args: string;
  /** The tag as it is written, without the signs that remove blanks around it. */
  readonly tag: string;
  /** The offset of the tag. If it begins with `{%-`, that of the blanks before it. */
  readonly begin: number;
  /** The offset behind the tag. If it ends with `-%}`, that behind the blanks after it. */
  readonly end: number;
}

/** A text in which tags are no tags, or such a tag. */
const TAG =
  /\{%-?\s*(?<literal>raw|comment)\b[\s\S]*?\{%-?\s*end\k<literal>\s*-?%\}|\{%(?<before>-?)(?<inner>\s*(?<name>include|render|layout|block|endblock)\b(?<args>(?:(?!-?%\})[\s\S])*))(?:-%\}\s*|%\})/g;

/** The tags of a text that name other files or places in them, in order. */
export function partTags(text: string): PartTag[] {
  return [...text.matchAll(TAG)].flatMap(({ 0: whole, index, groups = {} }) => {
    const { name, before, inner = '', args = '' } = groups;
    if (name === undefined) return [];
    const begin = before === '-' ? text.slice(0, index).trimEnd().length : index;
    const tag = `{%${inner}%}`;
    return [{ name: name as PartTag['name'], args: args.trim(), tag, begin, end: index + whole.length }];
  });
}

/** The name in quotes with which the arguments of a tag begin, and what follows it; null when there is none. */
export function namedPart(args: string): { readonly name: string; readonly rest: string } | null {
  const [, , name, rest = ''] = /^(["'])([^"']+)\1\s*,?\s*([\s\S]*)$/.exec(args) ?? [];
  return name === undefined ? null : { name, rest };
}
