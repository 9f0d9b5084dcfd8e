import { CALLED } from '../../engine/user/commands';
import { replayLife, type Life } from '../../engine/compare/life';
import { withStandIns } from '../../engine/compare/stand-ins';
import type { Definitions } from '../../engine/definitions/definitions';
import { keyOf } from '../../engine/user/history';
import { messageId, runId } from '../../engine/model/ids';
import { runOfReaction } from '../../engine/model/message-reaction';
import type { MemoryHost } from '../../engine/testing/memory-host';
import type { Run } from '../../engine/model/state';

import { namesIn, pseudonymous } from './pseudonyms';

/** An anonymized history, and its replay. */
export interface Incident {
  readonly life: Life;
  readonly course: MemoryHost;
}

/** How many user ids are tried. The id decides the variant of each experiment. */
const MAX_IDS = 10_000;

/**
 * Anonymizes a history so that the journeys decide the same: personal values are replaced, and the new user id gets the same
 * variant in every experiment.
 * @param keep names of properties and traits to leave as they are
 * @param until end of the replay, epoch milliseconds
 * @throws {Error} when a decision depends on a replaced value, or when no id gets the same variants
 */
export async function anonymize(
  stored: Life,
  definitions: Definitions,
  keep: readonly string[],
  until: number,
): Promise<Incident> {
  const original = { ...stored, events: withStandIns(stored.events, definitions) };
  const course = await replayLife(original, definitions, until);
  const wanted = JSON.stringify(course.decisions);
  const values = pseudonymous(original, definitions, keep);
  const isSame = async (kept: readonly string[]): Promise<boolean> => {
    const life = renamed(pseudonymous(original, definitions, kept), original.id, course, definitions);
    return JSON.stringify((await replayLife(life, definitions, until)).decisions) === wanted;
  };
  if (!(await isSame(keep))) {
    const needed = await decisive(
      namesIn(original).filter((name) => !keep.includes(name)),
      (names) => isSame([...keep, ...names]),
    );
    throw new Error(
      `The decisions of the journeys depend on values that would be replaced: ${needed.join(', ')}. ` +
        `If they are not personal, keep them: --keep ${[...keep, ...needed].join(' ')}`,
    );
  }
  const unassigned = { ...values, assignedAs: null };
  for (let number = 1; number <= MAX_IDS; number++) {
    const life = renamed(unassigned, `person-${number}`, course, definitions);
    const again = await replayLife(life, definitions, until);
    if (JSON.stringify(again.decisions) === wanted) return { life, course: again };
  }
  throw new Error(
    `None of ${MAX_IDS} user ids gets the same variants of the experiments. Choose a user who entered fewer experiments.`,
  );
}

/** The names that have to be kept, as few as leaving out one after the other finds. */
async function decisive(
  names: readonly string[],
  suffice: (names: readonly string[]) => Promise<boolean>,
): Promise<readonly string[]> {
  for (const name of names) if (await suffice([name])) return [name];
  let needed = names;
  for (const name of names) {
    const fewer = needed.filter((one) => one !== name);
    if (await suffice(fewer)) needed = fewer;
  }
  return needed;
}

/** Gives the user another id, and points the answers of calls and the reactions to messages at the ids that the runs get under it. */
function renamed(life: Life, name: string, { runs }: MemoryHost, definitions: Definitions): Life {
  const byId = new Map(runs.map((run) => [run.id, run]));
  const events = life.events.map((event) => {
    const { run: id, step } = event.properties;
    const refers = event.name === CALLED || runOfReaction(event) !== null;
    const run = refers && typeof id === 'string' ? byId.get(id) : undefined;
    if (!run) return event;
    const renamedRun = idOf(run, life, name, definitions);
    const message = event.name !== CALLED && typeof step === 'string' && { message: messageId(renamedRun, step) };
    return { ...event, properties: { ...event.properties, run: renamedRun, ...message } };
  });
  return { ...life, id: name, events };
}

/** Returns the id of a run under another user id. Replaced trigger properties can change the key, which is part of the run id. */
function idOf({ journey, key, trigger }: Run, { events }: Life, user: string, { journeys }: Definitions): string {
  const entered = events.find(({ id }) => id === trigger.id);
  const declared = journeys.find(({ id }) => id === journey);
  const replaced = entered && declared ? keyOf(declared, { ...trigger, properties: entered.properties }) : undefined;
  return runId(user, journey, key === null ? null : (replaced ?? key), trigger.id);
}
