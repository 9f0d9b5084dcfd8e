import type { JsonObject } from '../engine/model/json';

/** An entry of a timeline, as the API says it. */
export interface Entry {
  readonly at: string;
  readonly kind: string;
  readonly what: string;
  readonly reason: string;
  readonly times: Readonly<Record<string, string>>;
  readonly details: JsonObject;
}

const SAYS: Readonly<Record<string, string>> = { pass: 'passes', refuse: 'refuses', hold: 'holds' };

/** What people read of a message: what was decided, each rule that was asked, and what became of it. */
export function whyText({ step, message }: { readonly step: Entry; readonly message: Entry | null }): string {
  const { asked } = step.details;
  const rules = Array.isArray(asked) ? asked.flatMap(ruleOf) : [];
  const width = Math.max(0, ...rules.map(({ rule }) => rule.length));
  const lines = rules.map(({ channel, rule, says, fact }, index) => {
    const begins = rules[index - 1]?.channel !== channel;
    return `${begins ? `${channel}\n` : ''}  ${rule.padEnd(width)}  ${SAYS[says] ?? says}${fact === '' ? '' : `: ${fact}`}`;
  });
  const until = step.times['until'] === undefined ? '' : `, until ${step.times['until']}`;
  return [
    `'${step.what}' of ${text(step.details['journey'])}, ${step.at}: ${outcomeOf(step)} (${step.reason})${until}`,
    ...(lines.length === 0
      ? ['No rules are kept: an earlier release decided it, or it was not needed any more.']
      : lines),
    ...(message ? [`Message ${text(message.details['id'])}: ${message.what} (${message.reason})`] : []),
  ].join('\n');
}

function outcomeOf({ details }: Entry): string {
  const { outcome, status } = details;
  const decided = typeof outcome === 'object' && outcome !== null && !Array.isArray(outcome) ? outcome['status'] : null;
  return typeof decided === 'string' ? decided : text(status);
}

function ruleOf(value: unknown): { channel: string; rule: string; says: string; fact: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  const { channel, rule, says, fact } = value as Readonly<Record<string, unknown>>;
  return [{ channel: text(channel), rule: text(rule), says: text(says), fact: text(fact) }];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
