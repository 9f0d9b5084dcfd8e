import { inactivity } from '../user/triggers';
import fc from 'fast-check';
import { orderPlaced, projectCreated, signedUp } from './properties/catalogue';
import { plans } from './properties/random-journey';
import { BEGIN, deeds, define, policies, users } from './properties/random-life';
import { StoredUser } from './properties/stored-user';
import { activity } from '../authoring/event';
import { journey } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import { MemoryHost } from './memory-host';
import { policy } from '../policy/define';
import type { Run, StepRecord } from '../model/state';
import { OWN_CHANNEL_DEFAULTS } from '../model/channels';
import { topics } from '../topics/define';
import { traveller } from './traveller';

const onboarding = journey('onboarding', { enter: signedUp }, async (j) => {
  await j.send('welcome', { email: 'welcome' });
  const project = await j.waitFor('first project', projectCreated, { within: '48 hours' });
  if (!project)
    await j.send('nudge', { webPush: 'nudge', email: 'nudge' }, { data: { plan: j.event.properties.plan } });
  await j.sleepUntil('monday morning', { weekday: 1, at: '09:00' });
});

it('a journey is walked for its outline once, however many travellers there are', async () => {
  let walks = 0;
  const counted = journey('counted', { enter: signedUp }, async (j) => {
    walks++;
    await j.sleep('a day', '1 day');
  });
  const walksOfOne = async (): Promise<number> => {
    const before = walks;
    await traveller(counted).track(signedUp, { plan: 'free' });
    return walks - before;
  };
  const first = await walksOfOne();
  expect(await walksOfOne()).toBe(first - 1);
});

it('a journey can be tested in a few lines', async () => {
  const ada = traveller(onboarding, { timezone: 'Europe/Berlin' });
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('48 hours');
  expect(ada.messages).toMatchObject([
    { step: 'welcome', channel: 'email', template: 'welcome' },
    { step: 'nudge', channel: 'webPush', template: 'nudge', data: { plan: 'free' } },
  ]);
  expect(ada.why('first project')).toBe("'first project' done: timeout");
  expect(ada.why('nudge')).toBe(
    `'nudge' done: allowed {"status":"sent","channel":"webPush","reason":"allowed"} {"zone":"Europe/Berlin"}`,
  );
  expect(ada.why('monday morning')).toBe(
    `'monday morning' waits for Mon 09:00, 4 d 20 h to go {"zone":"Europe/Berlin"}`,
  );
  expect(ada.why('farewell')).toBe("'farewell' was not reached");
  expect(ada.journal.map(({ step, status }) => [step, status])).toEqual([
    ['welcome', 'done'],
    ['first project', 'done'],
    ['nudge', 'done'],
    ['monday morning', 'waiting'],
  ]);
});

it('time begins on a Monday at noon, or at the time given', async () => {
  expect(new Date(traveller(onboarding).now).toISOString()).toBe('2026-01-05T12:00:00.000Z');
  const ada = traveller(onboarding, { at: '2026-03-01T00:00:00Z' });
  await ada.forwardTo('2026-03-02T12:00:00Z');
  expect(new Date(ada.now).toISOString()).toBe('2026-03-02T12:00:00.000Z');
});

it('everything that comes due while time passes happens at its moment', async () => {
  const ada = traveller(onboarding);
  await ada.track(signedUp, { plan: 'free' });
  const begin = ada.now;
  await ada.forward('90 days');
  expect(ada.messages.map(({ decidedAt }) => decidedAt - begin)).toEqual([0, 48 * 3_600_000]);
  expect(ada.runs).toMatchObject([{ status: 'completed', endedAt: Date.parse('2026-01-12T09:00:00Z') }]);
});

it('the person has their own traits, channels and consent', async () => {
  const ada = traveller(onboarding, { channels: ['email'], consent: { email: false }, traits: { plan: 'pro' } });
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.suppressed).toMatchObject([{ step: 'welcome', reason: 'no consent' }]);
  await ada.identify({ city: 'London' });
  expect(ada.profile.traits).toEqual({ plan: 'pro', city: 'London' });
});

it('an identify counts as activity, as on the server: it ends a silence, and a run that any activity ends', async () => {
  const silent = journey('silent', { enter: inactivity('2 days'), reenter: 'always', exit: [activity] }, async (j) => {
    await j.sleep('a week', '7 days');
  });
  const ada = traveller(silent);
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('1 day');
  await ada.identify({ city: 'London' });
  await ada.forward('47 hours');
  expect(ada.runs).toEqual([]);
  await ada.forward('1 hour');
  expect(ada.runs).toMatchObject([{ status: 'active' }]);
  await ada.identify({ city: 'Paris' });
  expect(ada.runs).toMatchObject([{ status: 'exited', endedAt: ada.now }]);
});

it('an identify alone does not make the engine know the person', async () => {
  const silent = journey('silent', { enter: inactivity('2 days') }, (j) => j.sleep('a week', '7 days'));
  const ada = traveller(silent);
  await ada.identify({ city: 'London' });
  await ada.forward('30 days');
  expect(ada.runs).toEqual([]);
  expect(ada.profile.traits).toEqual({ city: 'London' });
});

it('several journeys, stages and a policy can be tested together', async () => {
  const stages = lifecycle({ initial: 'visitor', rules: [{ from: ['visitor'], to: 'customer', on: signedUp }] });
  const receipt = journey('receipt', { enter: orderPlaced, transactional: true }, async (j) => {
    await j.send('receipt', { email: 'receipt' });
  });
  const none = { day: 0, week: 0 };
  const ada = traveller([onboarding, receipt], {
    with: { lifecycle: stages, policy: policy({ caps: { total: none } }) },
  });
  await ada.track(signedUp, { plan: 'free' });
  await ada.track(orderPlaced, { orderId: 'o-1' });
  expect(ada.stage).toBe('customer');
  expect(ada.messages.map(({ step }) => step)).toEqual(['receipt']);
  expect(ada.suppressed).toMatchObject([{ step: 'welcome', reason: 'capped: total 0 a day' }]);
});

it('a call that throws makes the test fail', async () => {
  const calling = journey('calling', { enter: signedUp }, async (j) => {
    await j.call('elsewhere', () => Promise.reject(new Error('not today')));
  });
  await expect(traveller(calling).track(signedUp, { plan: 'free' })).rejects.toThrow(
    "The function of the call 'elsewhere' failed: not today\nWithout bounds a failing function is an error of the test;",
  );
});

it('everything is empty before the first event', () => {
  const ada = traveller(onboarding);
  expect([ada.messages, ada.held, ada.suppressed, ada.runs, ada.journal, ada.decisions]).toEqual([
    [],
    [],
    [],
    [],
    [],
    [],
  ]);
  expect(ada.profile).toEqual({ points: 0, badges: [], flags: {}, traits: {}, consent: {}, topics: {} });
});

it('any life has the same outcome as on the server', () =>
  fc.assert(
    fc.asyncProperty(
      fc.tuple(
        plans('first', { effects: true, unbounded: true, triggers: ['Start', 'A counted', 'silence', 'upgraded'] }),
        plans('second', { effects: true, unbounded: true, triggers: ['Start', 'A', 'stage idle'] }),
      ),
      deeds(),
      users,
      policies,
      async (journeys, life, person, policy) => {
        const definitions = await define(journeys, { policy });
        const stored = new StoredUser(person, definitions, { pending: 'awaited', history: 'limited' });
        const host = new MemoryHost(person, definitions);
        for (const { name, properties, at, receivedAt, ...rest } of life) {
          await stored.passUntil(receivedAt - 1);
          await stored.receive({ name, properties, at, receivedAt, ...rest });
          await pass(host, receivedAt - 1);
          await host.receive(name, properties, receivedAt, at);
          await answerCalls(host, receivedAt);
        }
        const end = BEGIN + 365 * 86_400_000;
        await stored.passUntil(end);
        await pass(host, end);
        const outline = (runs: MemoryHost['ended']): string[] =>
          runs.map((run) => JSON.stringify([run.journey, run.enteredAt, run.status, run.goalAt, run.endedAt, run.key]));
        expect(outline([...host.ended, ...host.state.runs]).sort()).toEqual(outline([...stored.runs]).sort());
        const sent = (messages: StoredUser['messages']): string[] =>
          [...messages.values()].map(({ step, status, channel, decidedAt }) =>
            [step, status, channel, decidedAt].join(),
          );
        expect(sent(host.messages).sort()).toEqual(sent(stored.messages).sort());
        expect(host.stageChanges).toEqual(stored.stageChanges);
      },
    ),
    { numRuns: 60 },
  ));

async function pass(host: MemoryHost, end: number): Promise<void> {
  while (host.wakeAt !== null && host.wakeAt <= end) {
    const now = host.wakeAt;
    await host.decide(now);
    await answerCalls(host, now);
  }
}

async function answerCalls(host: MemoryHost, now: number): Promise<void> {
  const openCall = ({ journal }: Run): StepRecord | undefined =>
    journal.find(({ kind, status }) => kind === 'call' && status === 'waiting');
  for (let run = host.state.runs.find(openCall); run; run = host.state.runs.find(openCall))
    await host.answerCall(run.id, openCall(run)?.step ?? '', { result: 'called' }, now);
}

it('an event that the API would refuse is an error that names the property, and more properties are none', async () => {
  const ada = traveller(onboarding);
  const misspelled = { paln: 'free' } as unknown as { plan: string };
  await expect(ada.track(signedUp, misspelled)).rejects.toThrow(
    /^The API refuses this 'Signed Up', which does not pass its schema: plan: /,
  );
  expect(ada.runs).toEqual([]);
  const more = { plan: 'free', referrer: 'a friend' };
  await ada.track(signedUp, more);
  expect(ada.runs).toMatchObject([{ trigger: { properties: more } }]);
});

describe('what a test misspells is an error that says what was expected', () => {
  const misspelled = (options: object): (() => unknown) => {
    return () => traveller(onboarding, options);
  };

  it.each([
    [{ timeZone: 'Europe/Berlin' }, /^'timeZone' is no option of a traveller. Expected id, timezone, /],
    [{ timezone: 'Berlin' }, "timezone: Not a time zone. Expected an IANA name, such as 'Europe/Berlin'."],
    [{ channels: ['mail'] }, /^channels: 'mail' is no channel. Expected email, webPush, /],
    [{ consent: { emial: false } }, /^consent: 'emial' is no channel. Expected email, /],
    [{ at: 'junk' }, "at: 'junk' is not an instant. Expected ISO 8601, such as '2026-03-01T09:00:00Z'."],
    [
      { topics: { dijest: { standing: 'in' } }, with: { topics: topics({ digest: { title: 'Digest' } }) } },
      "topics: 'dijest' is no topic. Expected digest.",
    ],
  ])('%j', (options, error) => {
    expect(misspelled(options)).toThrow(error);
  });

  it('a channel of its own is known where it is declared', async () => {
    const line = { name: 'line', label: 'LINE', address: { by: 'id' }, ...OWN_CHANNEL_DEFAULTS } as const;
    expect(misspelled({ channels: ['line'] })).toThrow("'line' is no channel");
    const ada = traveller(onboarding, { channels: ['line'], consent: { line: true }, with: { channels: [line] } });
    await ada.consent('line', false);
    expect(ada.profile.consent).toEqual({ line: false });
  });

  it('the answer about a channel or a topic that does not exist', async () => {
    const ada = traveller(onboarding, { with: { topics: topics({ digest: { title: 'Digest' } }) } });
    await expect(ada.consent('emial', false)).rejects.toThrow("'emial' is no channel. Expected email, ");
    await expect(ada.choose('dijest', { subscribed: false })).rejects.toThrow("'dijest' is no topic. Expected digest.");
    await expect(ada.confirm('dijest')).rejects.toThrow("'dijest' is no topic. Expected digest.");
    expect(ada.profile).toMatchObject({ consent: {}, topics: {} });
  });

  it('a moment that is none, or is over', async () => {
    const ada = traveller(onboarding);
    await expect(ada.forwardTo('junk')).rejects.toThrow("forwardTo: 'junk' is not an instant. Expected ISO 8601");
    await expect(ada.forwardTo('2026-01-05T11:00:00Z')).rejects.toThrow(
      "forwardTo: '2026-01-05T11:00:00Z' is over. Expected 2026-01-05T12:00:00.000Z or later.",
    );
    await ada.forwardTo('2026-01-05T12:00');
    expect(new Date(ada.now).toISOString()).toBe('2026-01-05T12:00:00.000Z');
  });
});
