import { contentId } from '../model/ids';
import { copyOf } from '../model/json';
import type { StepRecord } from '../model/state';
import type { StepDetail } from './steps/index';
import { outcomeOf } from './steps/send';

/** The reason of a message the run has decided about before, under a name that the code has no longer. */
export const RENAMED = 'renamed';

/**
 * The message that a new step would send again: one the run has decided about, from the same template with the same data by the
 * same channel, under a name that the code has no longer on this user's way. Each can be taken over once. That it was removed and the
 * new one means another can't be told from that: rather one message too few than one again.
 * @param detail of the new step; none but a message is another one again
 * @param met the steps the code has on this user's way
 */
export function formerOf(
  journal: readonly StepRecord[],
  { templates, options }: Pick<StepDetail, 'templates' | 'options'>,
  met: ReadonlySet<string>,
): StepRecord | undefined {
  if (!templates) return undefined;
  const data = copyOf(options?.data ?? {});
  const present = new Set(journal.filter(({ step }) => met.has(step)).map(firstName));
  return journal.find((record) => {
    const { channel } = outcomeOf(record.outcome);
    const template = channel === null ? undefined : templates[channel];
    const same = template !== undefined && record.content === contentId(template, data);
    return same && record.status === 'done' && !present.has(record.step);
  });
}

/** What stands in the journal for a message's step under its new name. */
export function underNewName(former: StepRecord, step: string, logicalTime: number, version: string): StepRecord {
  const facts = { was: former.step };
  return {
    ...former,
    step,
    enteredAt: logicalTime,
    at: logicalTime,
    status: 'skipped',
    reason: RENAMED,
    facts,
    version,
  };
}

/** The journal with what goes by a new name after what it was, which is where the user was then. */
export function withRenamed(journal: readonly StepRecord[], renamed: readonly StepRecord[]): StepRecord[] {
  return renamed.reduce<StepRecord[]>(
    (list, record) =>
      list.toSpliced(list.findLastIndex((other) => firstName(other) === firstName(record)) + 1, 0, record),
    [...journal],
  );
}

/** The name under which the step was entered first. */
export function firstName({ step, facts, reason }: StepRecord): string {
  return reason === RENAMED && typeof facts['was'] === 'string' ? facts['was'] : step;
}
