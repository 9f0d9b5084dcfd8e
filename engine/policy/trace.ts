import type { AskedRules } from '../model/asked-rules';
import type { ChannelName } from '../model/state';
import type { Asked, Finding } from './rule';

/** A rule that was asked about a message, for people. */
export interface AskedRule {
  readonly channel: ChannelName;
  readonly rule: string;
  readonly says: Finding['says'];
  /** What it read, or why it is against the message. Empty if there is nothing to say. */
  readonly fact: string;
}

const MARKS = { pass: '', refuse: '-', hold: '~' } as const;
/** Separates the name of a rule from its fact. No name contains it. */
const BEFORE_FACT = ': ';

/** What is kept of the rules that were asked. One that has nothing to say is kept by its name alone. */
export function keptOf(asked: readonly Asked[]): AskedRules {
  const byChannel = new Map<string, string[]>();
  for (const { rule, channel, finding } of asked) {
    const answers = byChannel.get(channel) ?? [];
    const fact = factOf(finding);
    answers.push(`${MARKS[finding.says]}${rule}${fact === '' ? '' : BEFORE_FACT}${fact}`);
    byChannel.set(channel, answers);
  }
  return [...byChannel].map(([channel, answers]) => [channel, ...answers]);
}

/** Reads what was kept. */
export function askedIn(kept: AskedRules): AskedRule[] {
  return kept.flatMap(([channel = '', ...answers]) =>
    answers.map((answer): AskedRule => {
      const says = answer.startsWith(MARKS.refuse) ? 'refuse' : answer.startsWith(MARKS.hold) ? 'hold' : 'pass';
      const text = answer.slice(MARKS[says].length);
      const end = text.indexOf(BEFORE_FACT);
      return {
        channel,
        rule: end < 0 ? text : text.slice(0, end),
        says,
        fact: end < 0 ? '' : text.slice(end + BEFORE_FACT.length),
      };
    }),
  );
}

function factOf(finding: Finding): string {
  if (finding.says === 'pass') return finding.fact ?? '';
  if (finding.says === 'refuse') return finding.reason;
  return Number.isFinite(finding.until) ? `until ${new Date(finding.until).toISOString()}` : 'for ever';
}
