import { EXAMPLES, type Example } from '../../../sdk/browser/src/gallery/examples';
import type { Content, Message } from '../../../sdk/browser/src/wire';

/** The names of all examples of the gallery, one for each kind at least. */
export const NAMES = EXAMPLES.map(({ name }) => name);

/** Returns an example of the gallery. */
export function exampleOf(name: string): Example {
  const example = EXAMPLES.find((each) => each.name === name);
  if (!example) throw new Error(`There is no example '${name}'.`);
  return example;
}

/** Returns an example with other members of its content and its message. */
export function changed(name: string, content: Partial<Content>, message: Partial<Message> = {}): Example {
  const example = exampleOf(name);
  const { answered } = example;
  return {
    ...example,
    message: { ...example.message, ...message, content: { ...example.message.content, ...content } },
    ...(answered && { answered: { ...answered, content: { ...answered.content, ...content } } }),
  };
}

/** A text that would do something if it were taken for markup: it would set `globalThis.attacked`. */
export const ATTACK = '<b>bold</b><img src=x onerror="globalThis.attacked=1"><script>globalThis.attacked=1</script>';

/** Members of a content that steer, and are no text. */
const FIXED = new Set(['kind', 'type', 'id', 'value', 'edge', 'anchor', 'results', 'to']);

/** Returns the same message with markup in each text, and an address that would run code in each address. */
export function attacked(example: Example): Example {
  const attack = (value: unknown, name = ''): unknown => {
    if (typeof value === 'string') {
      return FIXED.has(name) ? value : name === 'url' || name === 'video' ? 'javascript:globalThis.attacked=1' : ATTACK;
    }
    if (Array.isArray(value)) return value.map((each) => attack(each));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, attack(each, key)]));
  };
  return { ...example, message: { ...example.message, content: attack(example.message.content) as Content } };
}
