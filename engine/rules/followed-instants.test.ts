import fc from 'fast-check';
import { journey, type Journey } from '../authoring/journey';
import { explore } from '../explore';
import { journeyDefinition } from '../json/schema';
import { toJourney } from '../json/to-journey';
import { IDENTIFY } from '../model/activity';
import { trait } from '../model/trait-time';
import { lifecycle } from '../authoring/lifecycle';
import { compile } from '../outline/compile';
import { MemoryHost } from '../testing/memory-host';
import { projectCreated, signedUp, unrestrained } from '../testing/properties/catalogue';
import { traveller, type Traveller } from '../testing/traveller';

/** Rule 3, for waits that follow the time in a trait; see `docs/semantics.md`. */

const HOUR = 3_600_000;

const trial = journey('trial', { enter: signedUp }, async (j) => {
  if (await j.sleepUntil('an hour before', { before: trait('endsAt'), by: '1 hour' }, { ifPast: 'skip' }))
    await j.send('ends soon', { email: 'ends-soon' });
  await j.award('over', { points: 1 });
});

async function signUp(entered: Journey, traits: Record<string, string>, at?: string): Promise<Traveller> {
  const ada = traveller(entered, { traits, with: unrestrained, ...(at !== undefined && { at }) });
  await ada.track(signedUp, { plan: 'free' });
  return ada;
}

const sentAt = (ada: Traveller): string[] => ada.messages.map(({ decidedAt }) => new Date(decidedAt).toISOString());

describe('the time in a trait', () => {
  it('is waited for exactly', async () => {
    const ada = await signUp(trial, { endsAt: '2026-01-08T15:00:07.250Z' });
    await ada.forward('5 days');
    expect(sentAt(ada)).toEqual(['2026-01-08T14:00:07.250Z']);
  });

  it('that moves later or earlier is followed', async () => {
    for (const endsAt of ['2026-01-12T15:00:00Z', '2026-01-07T15:00:00Z']) {
      const ada = await signUp(trial, { endsAt: '2026-01-08T15:00:00Z' });
      await ada.forward('1 day');
      await ada.identify({ endsAt });
      await ada.forward('9 days');
      expect(sentAt(ada)).toEqual([new Date(Date.parse(endsAt) - HOUR).toISOString()]);
    }
  });

  it('that moves into the past is over now: skipped if the step says so, otherwise the run goes on', async () => {
    const ada = await signUp(trial, { endsAt: '2026-01-08T15:00:00Z' });
    await ada.forward('1 day');
    await ada.identify({ endsAt: '2026-01-06T12:30:00Z' });
    expect(ada.runs[0]?.journal[0]).toMatchObject({ outcome: false, at: ada.now });
    expect([ada.messages.length, ada.profile.points]).toEqual([0, 1]);

    const plain = journey('plain', { enter: signedUp }, (j) =>
      j.sleepUntil('then', trait('endsAt')).then(() => undefined),
    );
    const grace = await signUp(plain, { endsAt: '2026-01-08T15:00:00Z' });
    await grace.forward('1 day');
    await grace.identify({ endsAt: '2026-01-06T11:00:00Z' });
    expect(grace.runs[0]?.journal[0]).toMatchObject({ outcome: null, at: grace.now });
  });

  it('that is missing, or no time, is waited for; the rest of what the user does changes nothing', async () => {
    const ada = await signUp(trial, { endsAt: 'soon' });
    await ada.forward('3 days');
    await ada.track(projectCreated, { name: 'Engine' });
    expect(ada.journal).toMatchObject([{ status: 'waiting', until: null, follows: { trait: 'endsAt', time: null } }]);
    await ada.identify({ endsAt: '2026-01-10T15:00:00Z' });
    await ada.forward('9 days');
    expect(sentAt(ada)).toEqual(['2026-01-10T14:00:00.000Z']);
  });

  it('can end a wait for an event', async () => {
    const nudged = journey('nudged', { enter: signedUp }, async (j) => {
      if (!(await j.waitFor('project', projectCreated, { until: trait('endsAt') })))
        await j.award('none', { points: 1 });
    });
    const ada = await signUp(nudged, { endsAt: '2026-01-06T12:00:00Z' });
    await ada.identify({ endsAt: '2026-01-07T12:00:00Z' });
    await ada.forward('36 hours');
    expect(ada.profile.points).toBe(0);
    await ada.forward('12 hours');
    expect(ada.runs[0]?.journal[0]).toMatchObject({ outcome: null, at: Date.parse('2026-01-07T12:00:00Z') });
  });

  it('is followed when another journey sets it', async () => {
    const extend = journey('extend', { enter: projectCreated }, (j) =>
      j.set('extend', { endsAt: '2026-01-12T15:00:00Z' }),
    );
    const ada = traveller([trial, extend], { traits: { endsAt: '2026-01-08T15:00:00Z' }, with: unrestrained });
    await ada.track(signedUp, { plan: 'free' });
    await ada.track(projectCreated, { name: 'Engine' });
    await ada.forward('9 days');
    expect(sentAt(ada)).toEqual(['2026-01-12T14:00:00.000Z']);
  });
});

it.each([
  ['2026-01-06T14:00:00Z', null, '2026-01-06T13:00:00Z'],
  ['2026-01-06T12:30:00Z', false, '2026-01-06T12:00:00Z'],
])('a change that a late worker finds holds from when it was received: %s', async (endsAt, outcome, at) => {
  const begin = Date.parse('2026-01-05T12:00:00Z');
  const host = new MemoryHost(
    { id: 'ada', traits: { endsAt: '2026-01-08T15:00:00Z' }, reachable: ['email'], createdAt: begin },
    await compile({
      journeys: [trial],
      lifecycle: lifecycle({ initial: 'new', rules: [] }),
      ...unrestrained,
      traits: {},
    }),
  );
  await host.receive(signedUp.name, { plan: 'free' }, begin);
  host.identify({ endsAt });
  const receivedAt = begin + 24 * HOUR;
  await host.take([{ id: '9', name: IDENTIFY, at: receivedAt, receivedAt, properties: { endsAt } }], begin + 30 * HOUR);
  expect(host.runs[0]?.journal[0]).toMatchObject({ status: 'done', outcome, at: Date.parse(at) });
});

it('an edit to another trait keeps the start and aims anew', async () => {
  const other = journey('trial', { enter: signedUp }, async (j) => {
    if (await j.sleepUntil('an hour before', { before: trait('renewsAt'), by: '1 hour' }, { ifPast: 'skip' }))
      await j.send('ends soon', { email: 'ends-soon' });
  });
  const ada = await signUp(trial, { endsAt: '2026-01-08T15:00:00Z', renewsAt: '2026-01-10T15:00:00Z' });
  const { enteredAt } = ada.journal[0] ?? {};
  await ada.forward('1 day');
  await ada.deploy(other);
  expect(ada.journal).toMatchObject([{ enteredAt, until: Date.parse('2026-01-10T14:00:00Z') }]);
});

it('explore walks it both ways, also if the example user lacks the trait', async () => {
  const { defects, tree } = await explore(trial);
  expect(defects).toEqual([]);
  expect(JSON.stringify(tree)).toContain('in time');
  expect(JSON.stringify(tree)).toContain('past');
});

it('a journey made of data follows a trait', async () => {
  const definition = journeyDefinition.parse({
    enter: { kind: 'event', event: 'Signed Up' },
    steps: [{ kind: 'sleepUntil', step: 'then', when: { before: { trait: 'endsAt' }, by: '1 hour' } }],
  });
  const ada = await signUp(toJourney('defined', definition, new Map([[signedUp.name, signedUp]])), {
    endsAt: '2026-01-08T15:00:00Z',
  });
  await ada.identify({ endsAt: '2026-01-09T15:00:00Z' });
  expect(ada.journal).toMatchObject([{ until: Date.parse('2026-01-09T14:00:00Z') }]);
});

/** Days before the clocks change in Berlin, and a day like any other. */
const DAYS = ['2026-03-28T12:00:00Z', '2026-10-24T12:00:00Z', '2026-01-05T12:00:00Z'];

it('over 500 random changes of the trait, an hour before is exact, once, and never for a time that no longer holds', () =>
  fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...DAYS),
      fc.array(
        fc.record({ after: fc.integer({ min: 0, max: 86_400 }), ahead: fc.integer({ min: -3_600, max: 3 * 86_400 }) }),
        { minLength: 1, maxLength: 6 },
      ),
      async (from, changes) => {
        const first = Date.parse(from) + 2 * 86_400_000 + 500;
        const ada = await signUp(trial, { endsAt: new Date(first).toISOString(), timezone: 'Europe/Berlin' }, from);
        let due: number | null = first - HOUR;
        let isOpen = true;
        for (const { after, ahead } of changes) {
          await ada.forward(`${after} seconds`);
          if (due !== null && due <= ada.now) isOpen = false;
          const ends = ada.now + ahead * 1_000 + 500;
          await ada.identify({ endsAt: new Date(ends).toISOString() });
          if (!isOpen) continue;
          due = ends - HOUR > ada.now ? ends - HOUR : null;
          if (due === null) isOpen = false;
        }
        await ada.forward('9 days');
        expect(ada.messages.map(({ decidedAt }) => decidedAt)).toEqual(due === null ? [] : [due]);
      },
    ),
    { numRuns: 500 },
  ));
