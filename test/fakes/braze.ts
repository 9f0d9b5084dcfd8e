import { randomBytes } from 'node:crypto';
import { startFake, type FakeService } from './service';

export const BRAZE = { apiKey: 'the key of the fake' } as const;

/** A message that Braze has taken. */
export interface Dispatched {
  readonly dispatchId: string;
  readonly request: Readonly<Record<string, unknown>>;
}

/** A stand-in for Braze's REST API. */
export interface FakeBraze extends FakeService {
  readonly dispatched: readonly Dispatched[];
}

/** Starts the fake. */
export async function startFakeBraze(): Promise<FakeBraze> {
  const dispatched: Dispatched[] = [];
  const service = await startFake(({ method, path, headers, body }) => {
    if (headers.authorization !== `Bearer ${BRAZE.apiKey}`)
      return { status: 401, body: { message: 'Invalid API Key' } };
    if (method !== 'POST' || path !== '/messages/send') return { status: 404, body: { message: 'Invalid URL' } };
    const request = JSON.parse(body) as { external_user_ids?: string[]; messages?: object };
    if (!Array.isArray(request.external_user_ids) || request.external_user_ids.length === 0)
      return { status: 400, body: { message: 'No Recipients' } };
    if (Object.keys(request.messages ?? {}).length === 0)
      return { status: 400, body: { message: 'No Messages to Send' } };
    const dispatchId = randomBytes(16).toString('hex');
    dispatched.push({ dispatchId, request });
    return { status: 201, body: { dispatch_id: dispatchId, message: 'success' } };
  });
  return { ...service, dispatched };
}
