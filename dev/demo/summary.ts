import type { Pool } from 'pg';
import { describeMs } from '../../engine/model/duration';
import type { Journey } from '../../engine/authoring/journey';
import { CAMPAIGN_STORY } from './campaign';
import { check } from './checks';
import { ratesOfPeople, type Rate } from './rates';
import { ratesOfMessages } from './rates-of-messages';
import { restraint, type Restraint } from './restraint';
import type { FinishedDemo } from './run';
import { columns } from './text';

/** A longer lag causes a warning. Real milliseconds. */
const ACCEPTABLE_LAG_MS = 2_000;

/** Formats the results of the demo: rates, what the policy held back, checks, and links. */
export async function summary(demo: FinishedDemo): Promise<string> {
  const { stack, database, definitions, people, mail, endedAt } = demo;
  const { pool } = database;
  const idle = {
    what: 'no event is pending, no deadline has passed, no message is being delivered',
    holds: demo.idle,
  };
  const checks = [idle, ...(await check(pool, mail, people.sent()))];
  const errors = [...people.errors].map(([what, times]) => `  ! ${what} (${times} times)`);
  return [
    'Rates',
    ...rows(await rates(pool, definitions.journeys, endedAt)),
    '',
    'Caps and quiet hours',
    ...restraintLines(await restraint(pool, endedAt)),
    '',
    'Checks',
    ...checks.map(({ what, holds }) => `  ${holds ? '✓' : '✗'} ${what}`),
    ...errors,
    ...lagWarning(demo),
    '',
    'Where to look',
    `  Mailbox   ${stack.pages.mailbox ?? ''}`,
    `  Temporal  ${stack.pages.temporal ?? ''}   (try the query: Stage = "dormant")`,
    `  API       ${stack.config.publicUrl}/docs`,
    '',
  ].join('\n');
}

async function rates(pool: Pool, journeys: readonly Journey[], endedAt: number): Promise<Rate[]> {
  return [...(await ratesOfPeople(pool, journeys, endedAt)), ...(await ratesOfMessages(pool))];
}

function rows(all: readonly Rate[]): string[] {
  return columns(all.map(({ name, value, definition }) => [name, value, definition])).map((line) => `  ${line}`);
}

/** Warns when the machine was too slow. At high speed, a short real delay is a long one on the journey clock. */
function lagWarning({ speed, worstLagMs }: FinishedDemo): string[] {
  if (worstLagMs < ACCEPTABLE_LAG_MS) return [];
  const onJourneyClock = describeMs(worstLagMs * speed);
  return [
    `  ! This machine was too slow for this speed: an event was pending for ${describeMs(worstLagMs)}, or ${onJourneyClock} on the journey clock.`,
    `    Some messages went out late or not at all. For better results, run: SPEED=${Math.ceil(speed / 4)} npm run demo`,
  ];
}

function restraintLines({ sent, transactional, capped, moved, lapsed, weeks }: Restraint): string[] {
  if (weeks === 0) return ['  Nobody has signed up yet.'];
  const weekly = (messages: number): string => (messages / weeks).toFixed(2);
  return [
    `  ${weekly(sent)} messages per person and week were sent, ${weekly(transactional)} of them transactional. Without caps it would have been up to ${weekly(sent + capped)}.`,
    `  Caps stopped ${capped} messages. ${CAMPAIGN_STORY}`,
    `  Quiet hours moved ${moved} messages to the morning. Another ${lapsed} expired before then.`,
  ];
}
