import { braze } from '../../activities/providers/braze';
import { BRAZE, startFakeBraze, type FakeBraze } from '../fakes/braze';
import { outgoing } from './outgoing';

const never = new AbortController().signal;
const content = { title: 'Gate B12', body: 'Boarding at 14:10', url: 'app://gate', data: { gate: 'B12' }, badge: 1 };

let fake: FakeBraze;
let provider: ReturnType<typeof braze>;
beforeEach(async () => {
  fake = await startFakeBraze();
  provider = braze({ ...BRAZE, url: fake.url });
});
afterEach(async () => {
  await provider.close();
  await fake.stop();
});

describe('a notification by Braze', () => {
  it('goes to the person by their id in the app, to devices of both kinds', async () => {
    const { delivery } = await provider.send(outgoing('', content), never);
    expect(delivery).toEqual({ outcome: 'sent', providerId: fake.dispatched[0]?.dispatchId });
    const extra = { gate: 'B12', messageId: '0b0e9a5e-6f0c-5d0e-9d7e-0f6f4b1c2d3e' };
    expect(fake.dispatched[0]?.request).toMatchObject({
      external_user_ids: ['ada'],
      messages: {
        apple_push: {
          alert: { title: 'Gate B12', body: 'Boarding at 14:10' },
          custom_uri: 'app://gate',
          badge: 1,
          extra,
        },
        android_push: { title: 'Gate B12', alert: 'Boarding at 14:10', time_to_live: 3_600, extra },
      },
    });
  });

  it('counts as sent when Braze has put it in its queue', async () => {
    fake.misbehave({ status: 202, body: { message: 'queued' } });
    const { delivery } = await provider.send(outgoing('', content), never);
    expect(delivery).toEqual({ outcome: 'sent', providerId: null });
  });

  it('waits until the limit of Braze starts anew', async () => {
    const reset = String(Math.floor(Date.now() / 1_000) + 60);
    fake.misbehave({ status: 429, headers: { 'x-ratelimit-reset': reset }, body: { message: 'rate limited' } });
    const { delivery } = await provider.send(outgoing('', content), never);
    expect(delivery).toMatchObject({ outcome: 'retry', code: 'http 429' });
    const { afterMs = 0 } = delivery as { afterMs?: number };
    expect(afterMs).toBeGreaterThan(50_000);
    expect(afterMs).toBeLessThanOrEqual(60_000);
  });

  it.each([
    [{ status: 500, body: '' }, 'http 500'],
    [{ status: 401, body: { message: 'Invalid API Key' } }, 'http 401'],
  ])('is tried again after %j', async (answer, code) => {
    fake.misbehave(answer);
    const { delivery, mayBeTaken } = await provider.send(outgoing('', content), never);
    expect(delivery).toMatchObject({ outcome: 'retry', code });
    expect(mayBeTaken).toBe(false);
  });

  it('may have been taken when Braze closes the connection', async () => {
    fake.misbehave('closes');
    expect(await provider.send(outgoing('', content), never)).toMatchObject({
      delivery: { outcome: 'retry', code: 'ECONNRESET' },
      mayBeTaken: true,
    });
  });

  it('is given up when Braze can not read it', async () => {
    fake.misbehave({ status: 400, body: { message: 'bad' } });
    const { delivery } = await provider.send(outgoing('', content), never);
    expect(delivery).toMatchObject({ outcome: 'suppressed', cause: 'bounced' });
  });
});
