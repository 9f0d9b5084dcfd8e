import type { JsonObject } from '../../../engine/model/json';
import type { Run, StepRecord } from '../../../engine/model/state';
import { traveller } from '../../../engine/testing/traveller';
import type { Database } from '../../../store/database';
import customer from '../../fixtures/journeys/customer/journey';
import { accountClosed, projectCreated, trialStarted } from '../../fixtures/journeys/events';
import lifecycle from '../../fixtures/journeys/lifecycle';
import policy from '../../fixtures/journeys/policy';
import trial from '../../fixtures/journeys/trial/journey';
import type { Person } from './cast';

/** The decisions about a user, without ids and times. They do not depend on when and how often the engine ran. */
export interface Story {
  readonly stage: string;
  readonly points: number;
  readonly badges: readonly string[];
  readonly account: unknown;
  readonly runs: readonly object[];
  readonly messages: readonly object[];
}

/** Returns the expected decisions about a user, from the test kit in virtual time. */
export async function expectedStory({ id, role, plan }: Person): Promise<Story> {
  const person = traveller([trial, customer], {
    id,
    traits: { email: `${id}@example.com`, plan },
    channels: ['email', 'inApp'],
    with: { lifecycle, policy },
  });
  await person.track(trialStarted, { plan });
  if (role === 'builder') await person.track(projectCreated, { name: 'Ark' });
  await person.forward('13 seconds');
  if (role === 'late') await person.track(projectCreated, { name: 'Ark' });
  if (role === 'leaver') await person.track(accountClosed, {});
  await person.forward('1 hour');
  const { points, badges, traits } = person.profile;
  return {
    stage: person.stage,
    points,
    badges,
    account: traits['account'] ?? null,
    runs: sorted(person.runs.map(runStory)),
    messages: sorted(
      person.messages.map(({ journey, step, channel, template, data }) =>
        messageStory({ journey, step, channel, template, data, status: 'sent' }),
      ),
    ),
  };
}

interface Row {
  readonly id: string;
  readonly stage: string;
  readonly points: number;
  readonly badges: readonly string[];
  readonly account: unknown;
  readonly runs: readonly Run[] | null;
  readonly messages: readonly MessageFacts[] | null;
}

/** Returns the stored decisions about all users, by id. */
export async function actualStories({ pool }: Database): Promise<Map<string, Story>> {
  const { rows } = await pool.query<Row>(
    `SELECT id, stage, (memory->>'points')::int AS points, memory->'badges' AS badges, traits->'account' AS account,
       (SELECT json_agg(body) FROM runs WHERE user_id = u.id) AS runs,
       (SELECT json_agg(json_build_object('journey', journey, 'step', step, 'channel', channel, 'template', template, 'data', data, 'status', status))
        FROM messages WHERE user_id = u.id) AS messages
     FROM users u`,
  );
  return new Map(
    rows.map(({ id, runs, messages, ...rest }) => [
      id,
      { ...rest, runs: sorted((runs ?? []).map(runStory)), messages: sorted((messages ?? []).map(messageStory)) },
    ]),
  );
}

interface MessageFacts {
  readonly journey: string;
  readonly step: string;
  readonly channel: string;
  readonly template: string;
  readonly data: JsonObject;
  readonly status: string;
}

function messageStory({ journey, step, channel, template, data, status }: MessageFacts): object {
  // A user who leaves during a delivery may or may not still get the message.
  const fate = status === 'cancelled' ? 'sent' : status;
  return { message: `${journey}: ${step}`, channel, template, data, status: fate };
}

function runStory({ journey, key, status, reason, goalAt, consumed, journal }: Run): object {
  return {
    run: journey,
    key,
    status,
    reason,
    goal: goalAt !== null,
    consumed: consumed.length,
    steps: journal.map(stepStory),
  };
}

function stepStory({ step, kind, status, reason, outcome }: StepRecord): object {
  return { step, kind, status, reason, outcome: kind === 'waitFor' ? withoutIdentity(outcome) : outcome };
}

/** Returns an awaited event without its id and times. */
function withoutIdentity(outcome: StepRecord['outcome']): object | null {
  if (outcome === null || typeof outcome !== 'object' || Array.isArray(outcome)) return null;
  return { name: outcome['name'], properties: outcome['properties'] };
}

function sorted<Item extends object>(items: readonly Item[]): Item[] {
  const text = (item: Item): string => JSON.stringify(item);
  return [...items].sort((a, b) => (text(a) < text(b) ? -1 : 1));
}
