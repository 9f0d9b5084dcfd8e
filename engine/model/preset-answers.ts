import type { JsonObject } from './json';
import type { Said } from './message-reaction';

/** The most characters of a value that somebody can take. */
export const MOST_VALUE_LETTERS = 200;

/** The values that somebody can take in a message: the options of a poll or quiz, the choices of any other kind. */
export function presetAnswers(content: JsonObject): string[] {
  // The schema of its kind was applied when the message was rendered.
  const values = content[isBallot(content) ? 'options' : 'choices'] as
    readonly { readonly value: string }[] | undefined;
  return (values ?? []).map(({ value }) => value);
}

/** Whether answers to the message are votes. */
export function isBallot({ kind }: JsonObject): boolean {
  return kind === 'poll' || kind === 'quiz';
}

/** What somebody says who takes this value in a message. */
export function saidBy(content: JsonObject, value: string): Said {
  return content['kind'] === 'quiz' ? { value, right: value === content['right'] } : { value };
}
