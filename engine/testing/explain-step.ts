import { describeMs } from '../model/duration';
import { shownReason } from '../model/run';
import type { Run } from '../model/state';
import { stepType } from '../replay/steps';

/** Explains the outcome of a step in one sentence. `now` is epoch milliseconds. */
export function explainStep(runs: readonly Run[], step: string, now: number): string {
  const record = runs.flatMap(({ journal }) => journal).findLast((candidate) => candidate.step === step);
  if (!record) return `'${step}' was not reached`;
  const facts = Object.keys(record.facts).length > 0 ? ` ${JSON.stringify(record.facts)}` : '';
  const outcome = record.status !== 'waiting' && stepType(record.kind).holdsMessages ? record.outcome : null;
  if (record.status === 'waiting')
    return `'${step}' waits for ${record.reason}${record.until === null ? '' : `, ${describeMs(record.until - now)} to go`}${facts}`;
  return `'${step}' ${record.status}: ${shownReason(record)}${outcome === null ? '' : ` ${JSON.stringify(outcome)}`}${facts}`;
}
