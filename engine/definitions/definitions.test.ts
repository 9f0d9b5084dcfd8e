import { compile } from '../outline/compile';
import { inactivity, manual, milestone } from '../user/triggers';
import { z } from 'zod';
import {
  accountDeleted,
  orderPlaced,
  projectCreated,
  signedUp,
  teammateInvited,
} from '../testing/properties/catalogue';
import { type Definitions, type Sources } from './definitions';
import { activity, event } from '../authoring/event';
import { journey, type Journey, type Steps } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import { policy } from '../policy/define';

const trial = journey(
  'trial',
  { enter: signedUp, exit: [accountDeleted], goal: { event: projectCreated } },
  async (j) => {
    await j.waitFor('a teammate', teammateInvited);
  },
);
const orders = journey('orders', { enter: milestone(orderPlaced, [1]) }, () => Promise.resolve());

const define = (sources: Partial<Sources> = {}): Promise<Definitions> =>
  compile({
    journeys: [trial, orders],
    lifecycle: lifecycle({ initial: 'new', rules: [{ from: ['new'], to: 'active', on: activity }] }),
    policy: policy(),
    traits: {},
    ...sources,
  });

it('lists every event that can matter, and the events a run can look back for', async () => {
  const definitions = await define();
  expect(definitions.looksBackFor).toEqual(['Account Deleted', 'Project Created', 'Teammate Invited']);
  expect(definitions.reactsTo).toEqual([
    '*',
    'Account Deleted',
    'Order Placed',
    'Project Created',
    'Signed Up',
    'Teammate Invited',
  ]);
});

it('every activity matters if silence lets users enter, or time in the first stage changes it', async () => {
  const none = { lifecycle: lifecycle({ initial: 'new', rules: [] }) };
  const nudge = journey('nudge', { enter: inactivity('2 days') }, () => Promise.resolve());
  const idle = lifecycle({ initial: 'new', rules: [{ from: ['new'], to: 'idle', after: '2 days' }] });
  const later = lifecycle({ initial: 'new', rules: [{ from: ['active'], to: 'idle', after: '2 days' }] });
  expect((await define({ ...none, journeys: [nudge] })).reactsTo).toEqual(['*']);
  expect((await define({ lifecycle: idle, journeys: [] })).reactsTo).toEqual(['*']);
  expect((await define({ lifecycle: later, journeys: [] })).reactsTo).toEqual([]);
});

it("two journeys can't have the same id", async () => {
  await expect(define({ journeys: [trial, trial] })).rejects.toThrow("Two journeys have the id 'trial'.");
});

it.each(['Trial', 'trial run', '-trial', '', 'x'.repeat(81)])("%j can't be an id", (id) => {
  expect(() => journey(id, { enter: signedUp }, () => Promise.resolve())).toThrow("can't be the id of a journey");
});

it('an event that its file does not export is named as what is missing', async () => {
  const missing = undefined as unknown as typeof signedUp;
  const expected = 'Expected an event, not undefined.';
  expect(() => journey('bad', { enter: missing }, () => Promise.resolve())).toThrow(expected);
  expect(() => journey('bad', { enter: signedUp, exit: [missing] }, () => Promise.resolve())).toThrow(expected);
  expect(() => journey('bad', { enter: signedUp, goal: { event: missing } }, () => Promise.resolve())).toThrow(
    expected,
  );
  const waits = journey('waits', { enter: signedUp }, async (j) => {
    await j.waitFor('it', missing, { within: '1 day' });
  });
  const { outlines } = await define({ journeys: [waits] });
  expect(outlines.get('waits')?.errors).toMatchObject([{ step: 'it', message: expect.stringContaining(expected) }]);
});

describe('the version', () => {
  const versionOf = async (sources: Partial<Sources> = {}): Promise<string> => (await define(sources)).version;
  const helped = (helper: (j: Steps) => Promise<void>): Journey =>
    journey('helped', { enter: manual() }, (j) => helper(j));

  it('is the same for the same sources, even after they were used', async () => {
    const schema = z.object({ lines: z.array(z.lazy(() => z.string())) });
    const journeys = [journey('used', { enter: event('Paid', schema, { lines: [] }) }, () => Promise.resolve())];
    const before = await versionOf({ journeys });
    schema.parse({ lines: ['one'] });
    expect(await versionOf({ journeys })).toBe(before);
  });

  it.each<[string, Partial<Sources>]>([
    ['the policy', { policy: policy({ quietHours: null }) }],
    ['the lifecycle', { lifecycle: lifecycle({ initial: 'new', rules: [] }) }],
    ['the set of journeys', { journeys: [trial] }],
    ["a journey's options", { journeys: [{ ...trial, reenter: 'always' }, orders] }],
    ["a journey's code", { journeys: [journey('trial', { enter: signedUp }, () => Promise.resolve()), orders] }],
  ])('changes with %s', async (_, sources) => expect(await versionOf(sources)).not.toBe(await versionOf()));

  it('changes with the steps that helper functions call', async () => {
    const day = helped((j) => j.sleep('a while', '1 day'));
    const week = helped((j) => j.sleep('a while', '7 days'));
    expect(await versionOf({ journeys: [day] })).not.toBe(await versionOf({ journeys: [week] }));
  });
});
