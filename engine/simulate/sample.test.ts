import { compile } from '../outline/compile';
import { projectCreated, signedUp, unrestrained } from '../testing/properties/catalogue';
import { replayLife, type Life } from '../compare/life';
import { type Definitions } from '../definitions/definitions';
import { journey } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import type { MemoryHost } from '../testing/memory-host';
import { draw, liveAgain } from './sample';

const DAY = 86_400_000;
const WEEK = 7 * DAY;
const BEGIN = Date.parse('2026-01-05T00:00:00Z');
/** A Thursday. */
const BORN = Date.parse('2025-06-12T09:30:00Z');

const onboarding = journey('onboarding', { enter: signedUp }, async (j) => {
  await j.send('welcome', { email: 'welcome' });
  if (!(await j.waitFor('project', projectCreated, { within: '2 days' }))) await j.send('nudge', { email: 'nudge' });
  await j.sleep('a month', '30 days');
  await j.send('month', { email: 'month' });
});
const defined = (): Promise<Definitions> =>
  compile({ journeys: [onboarding], lifecycle: lifecycle({ initial: 'new', rules: [] }), ...unrestrained, traits: {} });

const event = (name: string, day: number): Life['events'][number] => {
  const at = BORN + day * DAY;
  return { id: `${day}`, type: 'track', name, at, receivedAt: at, properties: {} };
};
const grace: Life = {
  id: 'grace',
  createdAt: BORN,
  traits: { email: 'grace@example.com' },
  consent: {},
  hasPush: false,
  events: [event('Signed Up', 0), event('Project Created', 3)],
};
const period = { begin: BEGIN, end: BEGIN + 90 * DAY - 1, known: BORN + 300 * DAY };
const messagesOf = ({ messages }: Pick<MemoryHost, 'messages'>, shift = 0): [string, string, number][] =>
  [...messages.values()].map(({ step, status, decidedAt }) => [step, status, decidedAt - shift]);

test('a drawn life takes its original course, on the same weekday and hour, in the week it was drawn for', async () => {
  const definitions = await defined();
  const once = await replayLife(grace, definitions, BORN + 60 * DAY);
  for (const week of [0, 5]) {
    const again = await liveAgain({ life: grace, week }, definitions, period);
    const shift = again.since - BORN;
    expect([shift % WEEK, Math.floor((again.since - BEGIN) / WEEK)]).toEqual([0, week]);
    expect(messagesOf(again.host, shift)).toEqual(messagesOf(once));
  }
  expect(messagesOf(once)).toHaveLength(3);
});

test('a drawn life ends where knowledge of the person ends', async () => {
  const again = await liveAgain({ life: grace, week: 0 }, await defined(), { ...period, known: BORN + 10 * DAY });
  expect(again.until - again.since).toBe(10 * DAY);
  expect(messagesOf(again.host).map(([step]) => step)).toEqual(['welcome', 'nudge']);
});

test('lives are drawn with replacement, and the same seed draws the same lives', () => {
  const urn = { lives: 3, weeks: 4 };
  const drawn = draw(urn, 1_000, 1);
  expect([...drawn.values()].flat()).toHaveLength(1_000);
  expect([...drawn.keys()].sort()).toEqual([0, 1, 2]);
  expect(new Set([...drawn.values()].flat())).toEqual(new Set([0, 1, 2, 3]));
  expect(draw(urn, 1_000, 1)).toEqual(drawn);
  expect(draw(urn, 1_000, 2)).not.toEqual(drawn);
});
