import type { Outgoing } from '../../activities/providers/provider';

/** A rendered message for a provider. */
export function outgoing<Content>(
  to: string,
  content: Content,
  changes: Partial<Outgoing<Content>> = {},
): Outgoing<Content> {
  return {
    id: '0b0e9a5e-6f0c-5d0e-9d7e-0f6f4b1c2d3e',
    userId: 'ada',
    to,
    content,
    journey: 'gate-change',
    step: 'gate',
    transactional: false,
    ttlMs: 3_600_000,
    links: {
      unsubscribe: 'https://sojourn.example/u/t',
      preferences: 'https://sojourn.example/p/t',
      app: 'https://sojourn.example',
    },
    confirm: async () => undefined,
    ...changes,
  };
}
