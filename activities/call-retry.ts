/**
 * The pauses between attempts of a call, in real milliseconds: each is twice the one before. Temporal gives up after `expiresInMs`;
 * the relay then hands a call that is still open over again.
 */
export const CALL_RETRY = { initialMs: 1_000, maximumMs: 600_000, expiresInMs: 30 * 86_400_000 } as const;
