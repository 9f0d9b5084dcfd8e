/**
 * What becomes of a message if a cap keeps it from a channel:
 * - `next channel`: it takes the next listed one. If none is left, it is not sent.
 * - `suppress`: it is not sent, also if a later channel has room.
 * - `hold`: it takes the next listed one. If none is left, it is held until one has room, and decided again.
 */
export const IF_CAPPED = ['next channel', 'suppress', 'hold'] as const;
export type IfCapped = (typeof IF_CAPPED)[number];
