import { journey, type Journey } from '../authoring/journey';
import { compile } from '../outline/compile';
import { lifecycle } from '../authoring/lifecycle';
import { withSource } from '../model/tracked';
import { signedUp, unrestrained } from '../testing/properties/catalogue';
import { replayLife, type Life, type LivedEvent } from './life';

const DAY = 86_400_000;
const course = journey('course', { enter: signedUp }, async (j) => {
  for (const day of [1, 2, 3]) {
    await j.send(`lesson ${day}`, { email: 'lesson' });
    await j.sleep(`day ${day}`, '1 day');
  }
});

const event = (id: string, name: string, at: number, type: string, properties: Record<string, string>): LivedEvent => ({
  id,
  type,
  name,
  at,
  receivedAt: at,
  properties,
  active: type !== 'consent',
});

async function lessons(
  changes: readonly LivedEvent[],
  consent: Life['consent'],
  further: readonly Journey[] = [],
): Promise<unknown[]> {
  const definitions = await compile({
    journeys: [course, ...further],
    lifecycle: lifecycle({ initial: 'new', rules: [] }),
    traits: {},
    ...unrestrained,
  });
  const life: Life = {
    id: 'ada',
    createdAt: 0,
    traits: { email: 'ada@example.com' },
    consent,
    hasPush: false,
    events: [event('1', 'Signed Up', 0, 'track', { plan: 'free' }), ...changes],
  };
  const { messages } = await replayLife(life, definitions, 3 * DAY);
  return [...messages.values()].map(({ status, cause }) => cause ?? status);
}

it('a replay knows the consent of the time, whatever the person has answered since', async () => {
  const out = event('2', 'Unsubscribed', DAY / 2, 'consent', { channel: 'email' });
  const back = event('3', 'Subscribed', 1.5 * DAY, 'consent', { channel: 'email' });
  expect(await lessons([out], { email: false })).toEqual(['queued', 'consent', 'consent']);
  expect(await lessons([out, back], { email: true })).toEqual(['queued', 'consent', 'queued']);
  expect(await lessons([back], { email: true })).toEqual(['consent', 'consent', 'queued']);
});

it('an answer without an event is that of today, and an event of an app is no answer', async () => {
  expect(await lessons([], { email: false })).toEqual(['consent', 'consent', 'consent']);
  const named = event('2', 'Unsubscribed', DAY / 2, 'track', { channel: 'email' });
  expect(await lessons([named], {})).toEqual(['queued', 'queued', 'queued']);
});

it('what a journey withdrew is withdrawn again by its step, and not if the definitions have no such step', async () => {
  const lapse = journey('lapse', { enter: signedUp }, async (j) => {
    await j.sleep('time to answer', '36 hours');
    await j.consent('no answer', { email: false });
  });
  const out = event('2', 'Unsubscribed', 1.5 * DAY, 'track', { channel: 'email' });
  const byJourney = {
    ...out,
    properties: withSource(out.properties, { journey: 'lapse', step: 'no answer', hops: 1 }),
  };
  expect(await lessons([byJourney], { email: false }, [lapse])).toEqual(['queued', 'queued', 'consent']);
  expect(await lessons([byJourney], { email: false })).toEqual(['queued', 'queued', 'queued']);
});
