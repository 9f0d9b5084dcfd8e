import { randomUUID } from 'node:crypto';
import type { Outgoing } from '../../activities/providers/provider';

/** A message of this content for this target, as a channel gives it to a provider. */
export function outgoing<Content>(
  to: string,
  content: Content,
  changes: Partial<Outgoing<Content>> = {},
): Outgoing<Content> {
  return {
    id: randomUUID(),
    userId: 'u1',
    to,
    content,
    journey: 'onboarding',
    step: 'welcome',
    transactional: false,
    ttlMs: 86_400_000,
    links: { unsubscribe: 'https://app.example.com/u/token', app: 'https://app.example.com' },
    confirm: async () => undefined,
    ...changes,
  };
}

/** A `confirm` that says no. */
export function withheld(): Promise<never> {
  return Promise.reject(Object.assign(new Error('not any more'), { code: 'WITHHELD' }));
}
