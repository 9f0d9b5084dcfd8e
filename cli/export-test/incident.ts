import { CALLED } from '../../engine/user/commands';
import { replayLife, type Life } from '../../engine/compare/life';
import type { Definitions } from '../../engine/definitions/definitions';
import { keyOf } from '../../engine/user/history';
import { runId } from '../../engine/model/ids';
import type { MemoryHost } from '../../engine/testing/memory-host';
import type { Run } from '../../engine/model/state';

import { pseudonymous } from './pseudonyms';

/** A life under another name that takes the same course. */
export interface Incident {
  readonly life: Life;
  readonly course: MemoryHost;
}

/** Names tried: with each, experiments fall out otherwise. */
const NAMES = 10_000;

/**
 * Makes a life somebody else's: values are replaced, and the id is one with which every experiment falls out the same.
 * @param keep names of properties and traits to leave as they are
 * @param until epoch milliseconds
 * @throws {Error} when the journeys decide by a value that was replaced
 */
export async function disguise(
  original: Life,
  definitions: Definitions,
  keep: readonly string[],
  until: number,
): Promise<Incident> {
  const course = await replayLife(original, definitions, until);
  const wanted = JSON.stringify(course.decisions);
  const values = pseudonymous(original, definitions, keep);
  const disguised = await replayLife(renamed(values, original.id, course, definitions), definitions, until);
  if (JSON.stringify(disguised.decisions) !== wanted)
    throw new Error('The journeys decide by a value that would be replaced: name its property with --keep.');
  for (let number = 1; number <= NAMES; number++) {
    const life = renamed(values, `person-${number}`, course, definitions);
    const again = await replayLife(life, definitions, until);
    if (JSON.stringify(again.decisions) === wanted) return { life, course: again };
  }
  throw new Error(`None of ${NAMES} other names leads through the same variants of the experiments.`);
}

/** Gives the person another id, and the answers of calls to the runs that are then theirs. */
function renamed(life: Life, name: string, { runs }: MemoryHost, definitions: Definitions): Life {
  const byId = new Map(runs.map((run) => [run.id, run]));
  const events = life.events.map((event) => {
    const { run: id } = event.properties;
    const run = event.name === CALLED && typeof id === 'string' ? byId.get(id) : undefined;
    return run ? { ...event, properties: { ...event.properties, run: idOf(run, life, name, definitions) } } : event;
  });
  return { ...life, id: name, events };
}

/** The id the run has once its trigger's properties, and with them perhaps its key, are replaced. */
function idOf({ journey, key, trigger }: Run, { events }: Life, user: string, { journeys }: Definitions): string {
  const entered = events.find(({ id }) => id === trigger.id);
  const declared = journeys.find(({ id }) => id === journey);
  const replaced = entered && declared ? keyOf(declared, { ...trigger, properties: entered.properties }) : undefined;
  return runId(user, journey, key === null ? null : (replaced ?? key), trigger.id);
}
