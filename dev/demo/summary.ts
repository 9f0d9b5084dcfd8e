import type { Pool } from 'pg';
import { describeMs } from '../../engine/model/duration';
import type { Journey } from '../../engine/authoring/journey';
import { CAMPAIGN_STORY } from './campaign';
import { check } from './checks';
import { ratesOfPeople, type Rate } from './rates';
import { ratesOfMessages } from './rates-of-messages';
import { restraint, type Restraint } from './restraint';
import type { ReplayedUser } from './run';
import { columns } from './text';

/** Real milliseconds. */
const PATIENCE_MS = 2_000;

/** What came of it all, in the words and by the definitions people in the field use. */
export async function summary(lived: ReplayedUser): Promise<string> {
  const { stack, database, definitions, people, mail, endedAt } = lived;
  const { pool } = database;
  const settled = {
    what: 'no event is left to look at, no deadline missed, no message on its way',
    holds: lived.settled,
  };
  const checks = [settled, ...(await check(pool, mail, people.sent()))];
  const troubles = [...people.troubles].map(([what, times]) => `  ! ${what} (${times} times)`);
  return [
    'Rates',
    ...rows(await rates(pool, definitions.journeys, endedAt)),
    '',
    'Restraint',
    ...told(await restraint(pool, endedAt)),
    '',
    'In order?',
    ...checks.map(({ what, holds }) => `  ${holds ? '✓' : '✗'} ${what}`),
    ...troubles,
    ...hurry(lived),
    '',
    'Look around',
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

/** Whether the machine kept pace; at high speed a short wait is a long one for the people. */
function hurry({ speed, worstLagMs }: ReplayedUser): string[] {
  if (worstLagMs < PATIENCE_MS) return [];
  const lived = describeMs(worstLagMs * speed);
  return [
    `  ! This machine was too busy for this speed: an event waited ${describeMs(worstLagMs)} to be looked at, ${lived} for the person.`,
    `    Some messages went out late or not at all. A truer story: SPEED=${Math.ceil(speed / 4)} npm run demo`,
  ];
}

function told({ sent, transactional, capped, moved, lapsed, weeks }: Restraint): string[] {
  if (weeks === 0) return ['  Nobody has signed up yet.'];
  const weekly = (messages: number): string => (messages / weeks).toFixed(2);
  return [
    `  With caps ${weekly(sent)} messages per person and week went out (${weekly(transactional)} of them transactional), without up to ${weekly(sent + capped)}:`,
    `  caps kept ${capped} messages from going. ${CAMPAIGN_STORY}`,
    `  Quiet hours moved ${moved} to the morning, and ${lapsed} were not worth sending by then.`,
  ];
}
