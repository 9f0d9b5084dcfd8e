import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { handOver, inTurn } from '../../activities/channels/hand-over';
import { guarded } from '../../activities/providers/guarded';
import type { HandedOver, Provider, SharedProvider } from '../../activities/providers/provider';
import { registry } from '../../config/metrics';
import { context, envelope, unhurried } from '../channels/fixture';
import { withheld } from './withheld';

const SENT: HandedOver = { delivery: { outcome: 'sent', providerId: 'p1' }, mayBeTaken: true };
const FAILED: HandedOver = { delivery: { outcome: 'retry', code: '500', detail: 'broken' }, mayBeTaken: false };
const rendered = { to: 'ada@example.com', content: {}, links: context.links };

/** A provider that answers as told, the last answer for ever, and counts what it is asked. */
function provider(name: string, ...answers: HandedOver[]): Provider<object> & { asked: string[] } {
  const asked: string[] = [];
  return {
    name,
    asked,
    async send({ id }) {
      asked.push(id);
      return (answers.length > 1 ? answers.shift() : answers[0]) ?? SENT;
    },
    close: async () => undefined,
  };
}

/** The same, guarded. It is tried in the order of the list. */
function shared(one: Provider<object>, now?: () => number): SharedProvider<object> {
  return guarded(one, { channel: 'email', weight: 0, ...(now && { now }) });
}

test('each provider is the first for its share of the messages, and always for the same ones', () => {
  const providers = [
    { name: 'ses', weight: 3 },
    { name: 'postmark', weight: 1 },
    { name: 'backup', weight: 0 },
  ];
  const ids = Array.from({ length: 4_000 }, () => randomUUID());
  const first = ids.map((id) => inTurn(providers, id)[0]?.name);
  const share = first.filter((name) => name === 'ses').length / ids.length;
  expect(share).toBeGreaterThan(0.71);
  expect(share).toBeLessThan(0.79);
  expect(first).not.toContain('backup');
  expect(ids.map((id) => inTurn([...providers].reverse(), id)[0]?.name)).toEqual(first);
});

test('a further provider takes messages of each in proportion, and moves no other', () => {
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      const two = [
        { name: 'a', weight: 2 },
        { name: 'b', weight: 1 },
      ];
      const [before] = inTurn(two, id);
      const [after] = inTurn([...two, { name: 'c', weight: 1 }], id);
      return after?.name === 'c' || after === before;
    }),
  );
});

test('providers without a weight follow in the order in which they are listed', () => {
  const names = inTurn([{ name: 'x' }, { name: 'y', weight: 0 }, { name: 'z', weight: 1 }], randomUUID());
  expect(names.map(({ name }) => name)).toEqual(['z', 'x', 'y']);
});

test('a message that a provider can not take goes to the next one, whose name the outcome has', async () => {
  const providers = [provider('a', FAILED), provider('b', SENT)];
  expect(await handOver(providers, envelope(), rendered, unhurried())).toMatchObject({
    outcome: 'sent',
    provider: 'b',
  });
});

test('a provider that may have taken a message keeps it: neither this attempt nor a later one asks another', async () => {
  const [first, second] = [provider('a', { ...FAILED, mayBeTaken: true }, FAILED, SENT), provider('b', SENT)];
  const ask = (takenBy: string | null) => handOver([first, second], envelope({ takenBy }), rendered, unhurried());
  expect(await ask(null)).toMatchObject({ outcome: 'retry', takenBy: 'a' });
  expect(await ask('a')).toMatchObject({ outcome: 'retry', takenBy: 'a' });
  expect(await ask('a')).toMatchObject({ outcome: 'sent', provider: 'a' });
  expect(second.asked).toEqual([]);
});

test('a message whose provider is no longer in use goes to the others', async () => {
  const answer = await handOver([provider('b', SENT)], envelope({ takenBy: 'gone' }), rendered, unhurried());
  expect(answer).toMatchObject({ outcome: 'sent', provider: 'b' });
});

test('while a provider asks for a pause it is not asked, and the next one gets its messages', async () => {
  let now = 0;
  const paused: HandedOver = { ...FAILED, delivery: { outcome: 'retry', code: '429', detail: '', afterMs: 60_000 } };
  const [first, second] = [provider('a', paused, SENT), provider('b', SENT)];
  const both = [shared(first, () => now), shared(second, () => now)];
  const send = () => handOver(both, envelope(), rendered, unhurried());
  await send();
  await send();
  expect([first.asked.length, second.asked.length]).toEqual([1, 2]);
  now = 60_000;
  await send();
  expect([first.asked.length, second.asked.length]).toEqual([2, 2]);
});

test('without another provider, messages come back when the pause is over, not all at once', async () => {
  const paused: HandedOver = { ...FAILED, delivery: { outcome: 'retry', code: '429', detail: '', afterMs: 60_000 } };
  const one = provider('a', paused);
  const guard = shared(one, () => 0);
  await handOver([guard], envelope(), rendered, unhurried());
  const later = await handOver([guard], envelope(), rendered, unhurried());
  expect(one.asked).toHaveLength(1);
  expect(later).toMatchObject({ outcome: 'retry', code: 'ProviderPaused' });
  const { afterMs = 0 } = later as { afterMs?: number };
  expect(afterMs).toBeGreaterThanOrEqual(60_000);
  expect(afterMs).toBeLessThanOrEqual(75_000);
});

test('a provider that fails is left alone, as the metrics show, and a mailbox that is full for now is no failure', async () => {
  const full: HandedOver = { ...FAILED, isOfMessage: true };
  const [patient, broken] = [provider('patient', full), provider('broken', FAILED)];
  const [one, other] = [shared(patient, () => 0), shared(broken, () => 0)];
  for (let n = 0; n < 10; n++) {
    await handOver([one], envelope(), rendered, unhurried());
    await handOver([other], envelope(), rendered, unhurried());
  }
  expect([patient.asked.length, broken.asked.length]).toEqual([10, 5]);
  const metrics = await registry.metrics();
  expect(metrics).toContain('sojourn_provider_state{channel="email",provider="broken"} 2');
  expect(metrics).toContain('sojourn_provider_state{channel="email",provider="patient"} 0');
  await Promise.all([one.close(), other.close()]);
});

test('a message that may not be sent any more says nothing about its provider', async () => {
  const one = shared(
    { name: 'a', send: ({ confirm }) => confirm().then(() => SENT), close: async () => undefined },
    () => 0,
  );
  const refused = envelope({ confirm: () => Promise.reject(new Error('withheld')) });
  for (let n = 0; n < 10; n++)
    await expect(handOver([one], refused, rendered, unhurried())).rejects.toThrow('withheld');
  expect(one.pausedMs()).toBe(0);
});

test('a provider that hangs holds up forty messages of a worker, and the others are told at once', async () => {
  let now = 0;
  const hanging: (() => void)[] = [];
  const send = (): Promise<HandedOver> => new Promise((resolve) => hanging.push(() => resolve(SENT)));
  const one = shared({ name: 'a', send, close: async () => undefined }, () => now);
  const first = Array.from({ length: 40 }, () => handOver([one], envelope(), rendered, unhurried()));
  now = 5_000;
  const next = await handOver([one], envelope(), rendered, unhurried());
  expect(next).toMatchObject({ outcome: 'retry', code: 'ProviderBusy' });
  for (const answer of hanging) answer();
  expect(await Promise.all(first)).toHaveLength(40);
  const after = handOver([one], envelope(), rendered, unhurried());
  await new Promise((resolve) => setImmediate(resolve));
  hanging.at(-1)?.();
  expect(await after).toMatchObject({ outcome: 'sent' });
});

test.each<[string, (confirm: () => Promise<void>) => Promise<HandedOver>]>([
  [
    'reports as a failure',
    (confirm) =>
      confirm().then(
        () => SENT,
        () => FAILED,
      ),
  ],
  ['lets through', (confirm) => confirm().then(() => SENT)],
])('a refused question, which a provider %s, is no failure of the provider', async (_how, send) => {
  const guardedOne = shared({ ...provider('a'), send: ({ confirm }) => send(confirm) });
  for (let n = 0; n < 10; n++) {
    const attempt = handOver([guardedOne], envelope({ confirm: withheld }), rendered, unhurried());
    await attempt.catch((error: unknown) => expect(error).toMatchObject({ code: 'WITHHELD' }));
  }
  expect(guardedOne.pausedMs()).toBe(0);
});
