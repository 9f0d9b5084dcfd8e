import { oneSignal } from '../../activities/providers/one-signal';
import { ONE_SIGNAL, startFakeOneSignal, type FakeOneSignal } from '../fakes/one-signal';
import { outgoing } from './outgoing';

const never = new AbortController().signal;
const content = { title: 'Gate B12', body: 'Boarding at 14:10', url: 'app://gate', data: { gate: 'B12' }, badge: 1 };

let fake: FakeOneSignal;
let provider: ReturnType<typeof oneSignal>;
beforeEach(async () => {
  fake = await startFakeOneSignal();
  fake.subscribed.add('ada');
  provider = oneSignal({ ...ONE_SIGNAL, url: fake.url });
});
afterEach(async () => {
  await provider.close();
  await fake.stop();
});

describe('a notification by OneSignal', () => {
  it('goes to the person by their id in the app', async () => {
    const { delivery } = await provider.send(outgoing('', content, { transactional: true }), never);
    const [[id, request] = []] = fake.created;
    expect(delivery).toEqual({ outcome: 'sent', providerId: id });
    expect(request).toMatchObject({
      target_channel: 'push',
      include_aliases: { external_id: ['ada'] },
      headings: { en: 'Gate B12' },
      contents: { en: 'Boarding at 14:10' },
      url: 'app://gate',
      data: { gate: 'B12', messageId: '0b0e9a5e-6f0c-5d0e-9d7e-0f6f4b1c2d3e' },
      ios_badgeCount: 1,
      ttl: 3_600,
      priority: 10,
    });
  });

  it('is created once, although the first answer was lost', async () => {
    const message = outgoing('', content);
    await provider.send(message, never);
    fake.misbehave('closes');
    expect(await provider.send(message, never)).toMatchObject({ delivery: { outcome: 'retry' }, mayBeTaken: true });
    const { delivery } = await provider.send(message, never);
    expect(fake.created.size).toBe(1);
    expect(delivery).toEqual({ outcome: 'sent', providerId: [...fake.created.keys()][0] });
  });

  it('is not sent to a person who has no subscription there', async () => {
    const { delivery } = await provider.send(outgoing('', content, { userId: 'bob' }), never);
    expect(delivery).toMatchObject({ outcome: 'suppressed', cause: 'subscription', reason: 'no subscription' });
  });

  it.each([
    [
      { status: 429, headers: { 'retry-after': '3' }, body: { errors: ['API rate limit exceeded'] } },
      'http 429',
      3_000,
    ],
    [{ status: 500, body: 'oops' }, 'http 500', undefined],
    [{ status: 403, body: { errors: ['Access denied'] } }, 'http 403', undefined],
  ])('is tried again after %j', async (answer, code, afterMs) => {
    fake.misbehave(answer);
    const { delivery, mayBeTaken } = await provider.send(outgoing('', content), never);
    expect(delivery).toMatchObject({ outcome: 'retry', code, ...(afterMs !== undefined && { afterMs }) });
    expect(mayBeTaken).toBe(false);
  });

  it('is given up when OneSignal does not take its content', async () => {
    const { delivery } = await provider.send(outgoing('', { ...content, body: '' }), never);
    expect(delivery).toMatchObject({ outcome: 'suppressed', cause: 'bounced' });
    expect(delivery).not.toHaveProperty('deadAddress');
  });
});
