import { z } from 'zod';
import { event } from '../authoring/event';
import { journey } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import { compile } from '../outline/compile';
import { policy } from '../policy/define';
import { replayLife, type LivedEvent } from './life';

const HOUR = 3_600_000;
const START = Date.parse('2026-01-05T12:00:00Z');
const requested = event(
  'Password Reset Requested',
  z.looseObject({ request: z.string(), link: z.string() }),
  { request: 'R-1', link: 'https://example.com/reset/abc' },
  { forget: { link: '1 hour' } },
);
const reset = journey('reset', { enter: requested }, async (j) => {
  const long = await j.check('long', () => (j.event.properties.link ?? '').length > 5);
  if (long) await j.send('link', { email: 'link' }, { data: { link: j.event.properties.link } });
  await j.sleep('a day', '1 day');
});

/** Replays the life of somebody whose event was stored with these properties. */
async function replayed(properties: LivedEvent['properties'], forgetAt: Record<string, number> | null, until: number) {
  const definitions = await compile({
    journeys: [reset],
    lifecycle: lifecycle({ initial: 'new', rules: [] }),
    policy: policy({ quietHours: null }),
    traits: {},
  });
  const stored = { id: '1', type: 'track', name: requested.name, at: START, receivedAt: START };
  const life = { id: 'ada', createdAt: START, traits: { email: 'ada@example.com' }, consent: {}, hasPush: false };
  return replayLife({ ...life, events: [{ ...stored, properties, forgetAt }] }, definitions, until);
}

test('a life goes as it went, although a property is forgotten by now', async () => {
  const now = await replayed({ request: 'R-1' }, { link: START + HOUR }, START + 60_000);
  expect([...now.messages.values()]).toMatchObject([
    { status: 'queued', data: { link: 'https://example.com/reset/abc' }, expiresAt: START + HOUR },
  ]);
});

test('in the replay it is forgotten at its time', async () => {
  const host = await replayed({ request: 'R-1' }, { link: START + HOUR }, START + 30 * HOUR);
  expect(host.runs).toMatchObject([{ status: 'completed', trigger: { properties: { request: 'R-1' } } }]);
  expect(JSON.stringify(host.runs)).not.toContain('reset/abc');
});

test('an event that says no times has those that the definitions say', async () => {
  const host = await replayed({ request: 'R-1', link: 'https://example.com/reset/7' }, null, START + 60_000);
  expect(host.state.runs).toMatchObject([{ trigger: { forgetAt: { link: START + HOUR } } }]);
});
