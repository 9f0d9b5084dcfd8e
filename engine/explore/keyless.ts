import type { Journey } from '../authoring/journey';
import type { RecordedEvent } from '../model/state';
import { keyOf, occurrence } from '../user/history';
import { enteringEvents, exampleTriggers } from '../user/triggers';
import type { Defect } from './exploration';

/** The events that can let the user enter and of which no example has a key. By them nobody would enter. */
export function withoutKey(journey: Journey): Defect[] {
  if (journey.key === null) return [];
  const names = [...new Set(enteringEvents(journey).map(({ name }) => name))];
  const examples = exampleTriggers(journey).map(([, example]) => example);
  return names.flatMap((name): Defect[] => {
    const named = examples.filter((example) => example.name === name);
    const [first] = named;
    if (!first || named.some((example) => keyOf(journey, example) !== undefined)) return [];
    const text = `no example of '${name}' has a key, without which nobody enters: ${problemOf(journey, first)}`;
    return [{ kind: 'error', step: null, option: 'key', text, path: null }];
  });
}

/** What the function does instead of returning a key. */
function problemOf({ key }: Journey, example: RecordedEvent): string {
  try {
    const returned: unknown = key?.(occurrence(example));
    return `it returns ${returned === undefined ? 'undefined' : JSON.stringify(returned)}, not text or a number`;
  } catch (error) {
    return `it throws ${error instanceof Error ? `'${error.message}'` : String(error)}`;
  }
}
