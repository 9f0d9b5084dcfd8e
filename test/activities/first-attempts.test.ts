import { randomUUID } from 'node:crypto';
import { advance } from '../../activities/advance';
import type { Channel } from '../../activities/channels/channel';
import type { ActivityDeps } from '../../activities/deps';
import type { Templates } from '../../activities/templates/load';
import { journey, lifecycle, type Journey } from '../../engine';
import { staticDefinitions, type Definitions, type DefinitionsProvider } from '../../engine/definitions/definitions';
import { compile } from '../../engine/outline/compile';
import { signedUp, unrestrained } from '../../engine/testing/properties/catalogue';
import { ingest } from '../../store/ingest';
import { testDatabase, type TestDatabase } from '../support/database';
import { until } from '../support/until';
import { depsWith } from './support';

/** The first attempts at the messages of one advance. */

let database: TestDatabase;
beforeEach(async () => void (database = await testDatabase()));
afterEach(() => database.drop());

const rules = { lifecycle: lifecycle({ initial: 'new', rules: [] }), ...unrestrained, traits: {} };

/** Lets Ada sign up, and advances her once. */
async function signUp(deliver: Channel['deliver'], ...journeys: readonly Journey[]): Promise<void> {
  return signUpUnder(staticDefinitions(await compile({ journeys, ...rules })), deliver);
}

async function signUpUnder(
  definitions: DefinitionsProvider,
  deliver: Channel['deliver'],
  more: Partial<ActivityDeps> = {},
): Promise<void> {
  const event = {
    userId: 'ada',
    messageId: randomUUID(),
    type: 'track',
    name: signedUp.name,
    at: Date.now(),
    active: true,
    traits: JSON.stringify({ email: 'ada@example.com' }),
    properties: JSON.stringify({ plan: 'free' }),
    anonymousId: null,
  } as const;
  await ingest(database, definitions, { events: [event], aliases: [], receivedAt: Date.now() });
  const deps = { ...(await depsWith(database, deliver)), definitions, ...more };
  await advance(deps, { userId: 'ada', inFlight: [] });
}

const mails = (id: string, steps: readonly string[]): Journey =>
  journey(id, { enter: signedUp }, async (j) => {
    for (const step of steps) await j.send(step, { email: step });
  });

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('mails of one run are attempted in the order of its steps, each when the one before is out', async () => {
  const seen: string[] = [];
  const deliver: Channel['deliver'] = async ({ step }) => {
    seen.push(`${step} begins`);
    await turn();
    seen.push(`${step} is out`);
    return { outcome: 'sent', providerId: null };
  };
  const steps = ['first', 'second', 'third'];
  await signUp(deliver, mails('series', steps));
  expect(seen).toEqual(steps.flatMap((step) => [`${step} begins`, `${step} is out`]));
  expect(await database.knex('messages').pluck('status')).toEqual(['sent', 'sent', 'sent']);
});

test('a mail that fails holds up none of its run', async () => {
  const seen: string[] = [];
  const deliver: Channel['deliver'] = async ({ step }) => {
    seen.push(step);
    if (step === 'first') throw new Error('the server hung up');
    return { outcome: 'sent', providerId: null };
  };
  await signUp(deliver, mails('series', ['first', 'second']));
  expect(seen).toEqual(['first', 'second']);
});

test('a mail whose provider does not answer holds up the next one for seconds, not until it ends', async () => {
  const sent = (): Promise<string[]> =>
    database.knex('messages').where({ status: 'sent' }).orderBy('sent_at').pluck('step');
  let answer = (): void => undefined;
  const deliver: Channel['deliver'] = async ({ step }) => {
    if (step === 'first') await new Promise<void>((resolve) => (answer = resolve));
    return { outcome: 'sent', providerId: null };
  };
  await signUp(deliver, mails('series', ['first', 'second']));
  await until('the second mail', async () => (await sent()).join() === 'second');
  answer();
  await until('the first mail', async () => (await sent()).length === 2);
});

test('messages of different runs, and of different channels, are attempted at the same time', async () => {
  const begun: string[] = [];
  const deliver: Channel['deliver'] = async ({ step }) => {
    begun.push(step);
    await until('all three', () => begun.length === 3);
    return { outcome: 'sent', providerId: null };
  };
  const both = journey('both', { enter: signedUp }, async (j) => {
    await j.send('by mail', { email: 'hello' });
    await j.send('in the app', { inApp: 'hello' });
  });
  await signUp(deliver, both, mails('other', ['other']));
  expect(begun.sort()).toEqual(['by mail', 'in the app', 'other']);
});

test('an edit that comes into force after the decision does not change what its messages render', async () => {
  const before = await compile({ journeys: [mails('series', ['first', 'second'])], ...rules });
  const after = await compile({ journeys: [], ...rules });
  const provider: { -readonly [Key in keyof DefinitionsProvider]: DefinitionsProvider[Key] } =
    staticDefinitions(before);
  const templates = (definitions: Definitions): Templates => {
    const name = definitions === before ? 'before' : 'after';
    return {
      get: () => {
        throw new Error(name);
      },
      languagesOf: () => [],
      ownOf: () => [],
      answersRead: {},
    };
  };
  const given: string[] = [];
  const deliver: Channel['deliver'] = async (envelope) => {
    provider.current = after;
    try {
      envelope.templates?.get('series', 'email', envelope.template);
    } catch (error) {
      given.push(`${envelope.step} ${(error as Error).message}`);
    }
    return { outcome: 'sent', providerId: null };
  };
  await signUpUnder(provider, deliver, { templatesOf: templates });
  expect(given).toEqual(['first before', 'second before']);
});
