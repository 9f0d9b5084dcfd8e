import fc from 'fast-check';
import { clicked, seen } from '../authoring/message-events';
import { bounced, delivered, failed, opened } from '../authoring/receipt-events';
import { journey, type Fallback, type Journey, type Steps } from '../authoring/journey';
import { outline } from '../outline/outline';
import { mermaid } from '../outline/mermaid';
import { OWN_CHANNEL_DEFAULTS, type ChannelSpec } from '../model/channels';
import { policy } from '../policy/define';
import { explore, type TreeWay } from '../explore';
import type { JourneyDefinition } from '../json/schema';
import { toJourney } from '../json/to-journey';
import { signedUp, unrestrained } from '../testing/properties/catalogue';
import { traveller, type Traveller } from '../testing/traveller';

/** A message with a fallback is made of messages and waits, so it has their rules. These are the ones that are its own. */

const HOUR = 3_600_000;
const OPENED = { unless: 'opened', after: '4 hours' } as const;
const THREE = { inApp: 'gate', email: 'gate', webPush: 'gate' };

const gate = (fallback: Fallback | null = OPENED, templates: Parameters<Steps['send']>[1] = THREE): Journey =>
  journey('gate', { enter: signedUp }, async (j) => {
    const { status, channel } = await j.send('gate', templates, { ...(fallback && { fallback }) });
    await j.award(`${status} by ${channel}`, { points: 1 });
  });

async function sentTo(journeys: Journey, with_ = unrestrained): Promise<Traveller> {
  const ada = traveller(journeys, {
    ...{ with: with_, at: '2026-01-05T12:00:00Z' },
    traits: { email: 'ada@example.com' },
  });
  await ada.track(signedUp, { plan: 'free' });
  return ada;
}

const sent = ({ messages }: Traveller): string[] =>
  messages.filter(({ status }) => status === 'queued').map(({ channel }) => String(channel));
const ending = ({ runs }: Traveller): unknown => [runs[0]?.status, runs[0]?.journal.at(-1)?.step];

it('a message that is not opened in time goes out by the next channel, and so on', async () => {
  const ada = await sentTo(gate());
  expect(sent(ada)).toEqual(['inApp']);
  await ada.forward('239 minutes');
  expect(sent(ada)).toEqual(['inApp']);
  await ada.forward('1 minute');
  expect(sent(ada)).toEqual(['inApp', 'email']);
  await ada.forward('4 hours');
  expect(sent(ada)).toEqual(['inApp', 'email', 'webPush']);
  expect(ada.runs[0]?.journal.map(({ step }) => step)).toEqual([
    ...['gate', 'gate: noticed', 'gate: after inApp', 'gate: after inApp: noticed', 'gate: after email'],
    'sent by webPush',
  ]);
});

it('the run goes on as soon as the message is opened, and nothing else goes out', async () => {
  const ada = await sentTo(gate());
  await ada.forward('1 hour');
  expect(ending(ada)).toEqual(['active', 'gate: noticed']);
  await ada.react('gate', seen);
  expect(ending(ada)).toEqual(['completed', 'sent by inApp']);
  await ada.forward('30 days');
  expect(sent(ada)).toEqual(['inApp']);
});

it('the first message may still be opened while a later one waits', async () => {
  const ada = await sentTo(gate());
  await ada.forward('5 hours');
  await ada.react('gate', seen);
  expect(ending(ada)).toEqual(['completed', 'sent by email']);
});

it.each([
  ['opened', 'delivered', false],
  ['opened', 'opened', true],
  ['opened', 'clicked', true],
  ['delivered', 'delivered', true],
  ['delivered', 'clicked', true],
  ['clicked', 'opened', false],
  ['clicked', 'clicked', true],
] as const)('unless it is %s: that it was %s counts: %s', async (unless, sign, counts) => {
  const ada = await sentTo(gate({ unless, after: '4 hours' }, { email: 'gate', webPush: 'gate' }));
  await ada.receipt('gate', { delivered, opened, clicked }[sign]);
  await ada.forward('1 day');
  expect(sent(ada)).toEqual(counts ? ['email'] : ['email', 'webPush']);
});

it.each([
  ['has bounced for good', true, { permanent: true }],
  ['has bounced for now', false, { permanent: false }],
  ['has failed', true, null],
] as const)('a message that %s is followed at once: %s', async (_, isAtOnce, bounce) => {
  const ada = await sentTo(gate(OPENED, { email: 'gate', webPush: 'gate' }));
  await (bounce ? ada.receipt('gate', bounced, bounce) : ada.receipt('gate', failed));
  expect(sent(ada)).toEqual(isAtOnce ? ['email', 'webPush'] : ['email']);
});

it('the policy decides about each message, and nothing else is sent if no further channel may', async () => {
  const capped = { policy: policy({ quietHours: null, caps: { total: { day: 1, week: 7 } } }) };
  const ada = await sentTo(gate(), capped);
  await ada.forward('4 hours');
  expect(sent(ada)).toEqual(['inApp']);
  expect(ending(ada)).toEqual(['completed', 'sent by inApp']);
  expect(ada.runs[0]?.journal[2]).toMatchObject({ step: 'gate: after inApp', outcome: { status: 'suppressed' } });
});

it('a message that is held is not sent any more if the one before it is opened', async () => {
  const night = { policy: policy({ quietHours: { from: '15:00', to: '20:00' } }) };
  const ada = await sentTo(gate(), night);
  await ada.forward('5 hours');
  expect(ada.runs[0]?.journal.at(-1)).toMatchObject({ step: 'gate: after inApp', hold: 'quiet hours' });
  await ada.react('gate', seen);
  expect(ada.runs[0]?.journal[2]).toMatchObject({ reason: 'not needed any more' });
  await ada.forward('1 day');
  expect(sent(ada)).toEqual(['inApp']);
  expect(ending(ada)).toEqual(['completed', 'sent by inApp']);
});

it('the channels before the one that took the message are not asked again', async () => {
  const ada = traveller(gate(OPENED, { email: 'gate', inApp: 'gate', webPush: 'gate' }), {
    ...{ with: unrestrained, channels: ['inApp', 'webPush'] },
  });
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('2 days');
  expect(sent(ada)).toEqual(['inApp', 'webPush']);
});

it('a later wait of the run may use the event, too', async () => {
  const follows = journey('follows', { enter: signedUp }, async (j) => {
    await j.send('gate', { email: 'gate', webPush: 'gate' }, { fallback: OPENED });
    const click = await j.waitFor('click', clicked('gate'), { within: '1 day' });
    await j.award(click ? 'clicked' : 'not clicked', { points: 1 });
  });
  const ada = await sentTo(follows);
  await ada.receipt('gate', clicked);
  expect(ending(ada)).toEqual(['completed', 'clicked']);
});

describe('an edit', () => {
  it('of the time applies to people who wait', async () => {
    const ada = await sentTo(gate());
    await ada.forward('2 hours');
    await ada.deploy(gate({ unless: 'opened', after: '1 hour' }));
    expect(sent(ada)).toEqual(['inApp', 'email']);
  });

  it('of the sign applies to people who wait', async () => {
    const ada = await sentTo(gate({ unless: 'clicked', after: '4 hours' }));
    await ada.react('gate', seen);
    expect(ending(ada)).toEqual(['active', 'gate: noticed']);
    await ada.deploy(gate());
    expect(ending(ada)).toEqual(['completed', 'sent by inApp']);
  });

  it('that removes the fallback lets people go on who wait', async () => {
    const ada = await sentTo(gate());
    await ada.deploy(gate(null));
    expect(ending(ada)).toEqual(['completed', 'sent by inApp']);
  });

  it('that adds a fallback sends nothing to people who have gone on', async () => {
    const goesOn = (fallback?: Fallback): Journey =>
      journey('gate', { enter: signedUp }, async (j) => {
        await j.send('gate', THREE, fallback && { fallback });
        await j.sleep('a week', '7 days');
      });
    const ada = await sentTo(goesOn());
    await ada.forward('1 hour');
    await ada.deploy(goesOn(OPENED));
    await ada.forward('30 days');
    expect(sent(ada)).toEqual(['inApp']);
  });
});

it.each([
  [{ unless: 'read', after: '4 hours' }, 'fallback.unless'],
  [{ unless: 'opened', after: 'soon' }, 'fallback.after'],
])('a fallback %j parks the run', async (fallback, error) => {
  const ada = await sentTo(gate(fallback as never));
  expect(ada.runs).toMatchObject([{ status: 'failed', failure: { step: 'gate' } }]);
  expect(ada.runs[0]?.failure?.error).toContain(error);
});

function paths(ways: readonly TreeWay[]): string[] {
  return ways.flatMap(({ outcome, next }) => {
    const rest = 'end' in next ? [next.end] : paths(next.ways).map((path) => `${next.step} ${path}`);
    return rest.map((path) => (outcome === '' ? path : `→ ${outcome}, ${path}`));
  });
}

const TWO = { inApp: 'gate', email: 'gate' };

const plain = journey('gate', { enter: signedUp }, async (j) => {
  await j.send('gate', TWO, { fallback: OPENED });
});

it('explore walks a message that is noticed, one that fails and one that is not noticed', async () => {
  const { tree, defects } = await explore(plain, { with: unrestrained });
  expect(defects).toEqual([]);
  expect(paths(tree).map((path) => path.slice(path.indexOf('gate')))).toEqual([
    'gate gate: noticed → opened, completed',
    'gate gate: noticed → failed, gate: after inApp completed',
    'gate gate: noticed → timeout, gate: after inApp completed',
    // Somebody whom only the last channel reaches.
    'gate completed',
  ]);
});

it('the diagram shows both messages and the wait', async () => {
  const diagram = mermaid('Signed Up', await outline(plain));
  for (const shown of ['gate: noticed', 'gate: after inApp', '|"opened"|', '|"timeout"|', '|"failed"|'])
    expect(diagram).toContain(shown);
});

describe('as data', () => {
  const steps = (messages: readonly object[]): JourneyDefinition =>
    ({
      enter: { kind: 'event', event: 'Signed Up' },
      steps: [{ kind: 'send', step: 'gate', messages, fallback: OPENED }],
    }) as unknown as JourneyDefinition;
  const messages = [
    { channel: 'inApp', template: 'gate' },
    { channel: 'email', template: 'gate' },
    { channel: 'webPush', template: 'gate' },
  ];
  const catalogue = new Map([[signedUp.name, signedUp]]);

  it('it is the same, and all of its steps are reached', async () => {
    const made = toJourney('gate', steps(messages), catalogue);
    const ada = await sentTo(made);
    await ada.forward('8 hours');
    expect(sent(ada)).toEqual(['inApp', 'email', 'webPush']);
    expect((await explore(made, { with: unrestrained })).defects).toEqual([]);
  });

  it('it may begin with a channel of the team’s own, and explore reaches all of its steps', async () => {
    const address = { by: 'trait', trait: 'lineId' } as const;
    const own: readonly ChannelSpec[] = [{ name: 'line', label: 'LINE', address, ...OWN_CHANNEL_DEFAULTS }];
    const made = toJourney(
      'gate',
      steps([{ channel: 'line', template: 'gate' }, ...messages.slice(1)]),
      catalogue,
      own,
    );
    const { defects } = await explore(made, { with: { ...unrestrained, channels: own } });
    expect(defects).toEqual([]);
  });

  it('one message has nothing to fall back to', () => {
    expect(() => toJourney('gate', steps(messages.slice(0, 1)), catalogue)).toThrow('/steps/0/fallback');
  });
});

it('at most one message goes out in any such time, and none after one was noticed', async () => {
  const deed = fc.record({
    minutes: fc.integer({ min: 0, max: 300 }),
    event: fc.constantFrom(opened, delivered, null),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { maxLength: 5 }), fc.integer({ min: 1, max: 6 }), async (deeds, hours) => {
      const ada = await sentTo(gate({ unless: 'opened', after: `${hours} hours` }));
      let noticed: number | null = null;
      for (const { minutes, event } of deeds) {
        await ada.forward(`${minutes} minutes`);
        if (event) await ada.receipt('gate', event);
        if (event === opened) noticed ??= sent(ada).length;
      }
      await ada.forward('30 days');
      const times = ada.messages.map(({ decidedAt }) => decidedAt);
      times.slice(1).forEach((at, n) => expect(at - (times[n] ?? 0)).toBeGreaterThanOrEqual(hours * HOUR));
      expect(sent(ada)).toHaveLength(noticed ?? 3);
    }),
    { numRuns: 30 },
  );
});
