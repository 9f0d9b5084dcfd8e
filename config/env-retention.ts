import { z } from 'zod';
import { toMs, type Duration } from '../engine/model/duration';

const DAY_MS = 86_400_000;
/** A client may send an event again within this time. While the event is stored, it counts once. */
const LEAST_DAYS = 30;

/** A span of time, in milliseconds. */
export const kept = z.string().transform((text, context) => {
  const ms = spanOf(text);
  if (ms !== null && ms >= LEAST_DAYS * DAY_MS) return ms;
  context.addIssue({ code: 'custom', message: `must be a span of ${LEAST_DAYS} days or more, such as 400 days` });
  return z.NEVER;
});

function spanOf(text: string): number | null {
  try {
    return toMs(text as Duration);
  } catch {
    return null;
  }
}
