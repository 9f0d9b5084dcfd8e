import { randomUUID } from 'node:crypto';
import { startFake, type FakeService } from './service';

export const ONE_SIGNAL = { appId: '5eb5a37e-b458-11e3-ac11-000c2940e62c', apiKey: 'the key of the fake' } as const;

/** A stand-in for OneSignal's API. */
export interface FakeOneSignal extends FakeService {
  /** The notifications that it has created, by their id. */
  readonly created: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** The external ids that have a subscription. */
  readonly subscribed: Set<string>;
}

/** Starts the fake. It answers one key with one notification, as OneSignal does. */
export async function startFakeOneSignal(): Promise<FakeOneSignal> {
  const created = new Map<string, Readonly<Record<string, unknown>>>();
  const byKey = new Map<string, string>();
  const subscribed = new Set<string>();
  const service = await startFake(({ method, path, headers, body }) => {
    if (method !== 'POST' || path !== '/notifications') return { status: 404, body: { errors: ['Not found'] } };
    const request = JSON.parse(body) as {
      app_id?: string;
      idempotency_key?: string;
      contents?: { en?: string };
      include_aliases?: { external_id?: string[] };
    };
    if (headers.authorization !== `Key ${ONE_SIGNAL.apiKey}`)
      return { status: 403, body: { errors: ['Access denied.  Please include an "Authorization: ..." header'] } };
    if (request.app_id !== ONE_SIGNAL.appId) return { status: 400, body: { errors: ['app_id not found'] } };
    if (!request.contents?.en)
      return { status: 400, body: { errors: ['Message Notifications must have English language content'] } };
    const { idempotency_key: key = '' } = request;
    if (!/^[0-9a-f]{8}-[0-9a-f]{4}-[34][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(key))
      return { status: 400, body: { errors: ['idempotency_key must be a valid UUID'] } };
    const known = byKey.get(key);
    if (known !== undefined) return { status: 200, body: { id: known, external_id: key } };
    const people = request.include_aliases?.external_id ?? [];
    const unknown = people.filter((id) => !subscribed.has(id));
    if (unknown.length === people.length)
      return { status: 200, body: { id: '', errors: ['All included players are not subscribed'] } };
    const id = randomUUID();
    byKey.set(key, id);
    created.set(id, request);
    return { status: 200, body: { id, external_id: key } };
  });
  return { ...service, created, subscribed };
}
