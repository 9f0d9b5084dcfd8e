import { CALLED } from '../user/commands';
import { compile } from '../outline/compile';
import { projectCreated, signedUp, teammateInvited } from '../testing/properties/catalogue';
import { advance } from './advance';

import { journey, type Journey } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import { MemoryHost } from '../testing/memory-host';
import { policy } from '../policy/define';

import type { UserState } from '../model/state';
import { traveller } from '../testing/traveller';

const HOUR = 3_600_000;
const BEGIN = Date.parse('2026-01-05T12:00:00Z');

async function host(...journeys: readonly Journey[]): Promise<MemoryHost> {
  const rules = { lifecycle: lifecycle({ initial: 'new', rules: [] }), policy: policy(), traits: {} };
  const user = { id: 'ada', traits: {}, reachable: ['email'] as const, createdAt: BEGIN };
  return new MemoryHost(user, await compile({ journeys, ...rules }));
}

const project = journey('project', { enter: signedUp }, async (j) => {
  await j.waitFor('a project', projectCreated, { within: '2 days' });
});
const teammate = journey('teammate', { enter: signedUp }, async (j) => {
  await j.waitFor('a teammate', teammateInvited, { within: '2 days' });
});

it('returns only the runs that are new or changed', async () => {
  const ada = await host(project, teammate);
  await ada.receive('Signed Up', { plan: 'free' }, BEGIN);
  const event = {
    id: '2',
    name: 'Project Created',
    at: BEGIN + 1,
    receivedAt: BEGIN + 1,
    properties: {},
    pending: true,
  };
  const state = { ...ada.state, history: { ...ada.state.history, events: [...ada.state.history.events, event] } };
  const advanced = await advance(state, BEGIN + 1, ada.definitions);
  expect(advanced).toMatchObject({
    kind: 'advanced',
    changedRuns: [{ journey: 'project', status: 'completed' }],
    seen: ['2'],
    state: { runs: [{ journey: 'teammate' }] },
    wakeAt: BEGIN + 48 * HOUR,
    awaiting: ['Teammate Invited'],
  });
});

it('changes nothing when there is nothing to decide', async () => {
  const ada = await host(project, teammate);
  await ada.receive('Signed Up', { plan: 'free' }, BEGIN);
  const advanced = await advance(ada.state, BEGIN + HOUR, ada.definitions);
  expect(advanced).toMatchObject({
    changedRuns: [],
    seen: [],
    decisions: [],
    effects: { messages: [], calls: [], cancelledRuns: [], cancelledMessages: [], stageChanges: [] },
  });
});

it('does not change the state it is given', async () => {
  const ada = await host(project);
  const freeze = (value: UserState): UserState =>
    JSON.parse(JSON.stringify(value), (_, part: unknown) => Object.freeze(part)) as UserState;
  ada.state = freeze(ada.state);
  await ada.receive('Signed Up', { plan: 'free' }, BEGIN);
  ada.state = freeze(ada.state);
  await expect(ada.decide(BEGIN + 72 * HOUR)).resolves.toMatchObject({ changedRuns: [{ status: 'completed' }] });
});

it('requests history that it was not given', async () => {
  const ada = await host(project);
  await ada.receive('Signed Up', { plan: 'free' }, BEGIN);
  const { history } = ada.state;
  const limited = { ...ada.state, history: { ...history, names: [], since: BEGIN } };
  const event = {
    id: '2',
    name: 'Project Created',
    at: BEGIN + 1,
    receivedAt: BEGIN + 1,
    properties: {},
    pending: true,
  };
  expect(
    await advance({ ...limited, history: { ...limited.history, events: [event] } }, BEGIN + 1, ada.definitions),
  ).toEqual({
    kind: 'missing history',
    request: { kind: 'events', names: ['Project Created'], since: BEGIN },
  });
});

it('asks for each call until its answer is known', async () => {
  const calling = journey('calling', { enter: signedUp }, async (j) => {
    await j.call('elsewhere', () => Promise.resolve('called'));
  });
  const clock = journey('clock', { enter: signedUp }, async (j) => {
    await j.sleep('an hour', '1 hour');
  });
  const ada = await host(calling, clock);
  await ada.receive('Signed Up', { plan: 'free' }, BEGIN);
  const run = ada.state.runs.find(({ journey }) => journey === 'calling')?.id ?? '';
  expect((await ada.decide(BEGIN)).effects.calls).toEqual([{ runId: run, journey: 'calling', step: 'elsewhere' }]);

  // The answer came after the hour was over, and the user was not advanced before the third hour.
  const at = BEGIN + 2 * HOUR;
  const properties = { run, step: 'elsewhere', result: 'called' };
  const answer = { id: '9', name: CALLED, at, receivedAt: at, properties, pending: true };
  const { history } = ada.state;
  ada.state = { ...ada.state, history: { ...history, events: [...history.events, answer] } };
  await ada.decide(BEGIN + 3 * HOUR);
  expect(ada.ended).toMatchObject([
    { journey: 'calling', endedAt: at, journal: [{ outcome: 'called' }] },
    { journey: 'clock', endedAt: BEGIN + HOUR },
  ]);
});

it('runs that began at the same instant decide in the order of their triggers', async () => {
  const each = journey(
    'each',
    { enter: projectCreated, key: ({ properties: { name } }) => (typeof name === 'string' ? name : undefined) },
    async (j) => {
      await j.award('a badge', { badge: j.event.properties.name });
    },
  );
  const names = Array.from({ length: 12 }, (_, index) => `project ${index}`);
  const ada = await host(each);
  const events = names.map((name, index) => ({
    id: String(index + 1),
    name: 'Project Created',
    at: BEGIN,
    receivedAt: BEGIN,
    properties: { name },
    pending: true,
  }));
  ada.state = { ...ada.state, history: { ...ada.state.history, events } };
  await ada.decide(BEGIN);
  expect(ada.state.memory?.badges).toEqual(names);
});

it('runs that began at the same instant by the same trigger decide in the order of their names, for every user', async () => {
  const giving = journey('giving', { enter: signedUp }, (j) => j.award('a point', { points: 1 }));
  const taking = journey('taking', { enter: signedUp }, async (j) => {
    await j.pick('points', ({ user }) => user.points);
  });
  for (const id of ['ada', 'bob', 'cleo', 'dan', 'eve', 'fay', 'gus', 'hal']) {
    const person = traveller([taking, giving], { id });
    await person.track(signedUp, { plan: 'free' });
    expect(person.runs.find((run) => run.journey === 'taking')?.journal).toMatchObject([{ outcome: 1 }]);
  }
});
