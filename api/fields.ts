import { z } from 'zod';
import type { JsonObject } from '../engine/model/json';
import { CHANNELS } from '../engine/model/state';
import { storableText } from '../engine/model/json';

/** Text as it can be stored. */
export const text = z.string().overwrite(storableText);

/** An id an app gave: text, or a number that is not too large to be exact. */
export const id = z
  .union([text.min(1).max(200), z.number().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER)])
  .meta({ description: 'Opaque: it names a workflow, so it must not be an address or a name' });

/** Any JSON object. What is in it is not copied, and not looked at. */
export const jsonObject = z
  .custom<JsonObject>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'must be an object',
  )
  .meta({ type: 'object', additionalProperties: true });

/** A moment of real time, RFC 3339. */
export const moment = z.iso.datetime({ offset: true });

/** A user in a path. */
export const userParams = z.object({ id: text.min(1).max(205) });

/** Answers by channel; a channel without one is consented to. */
export const consent = z.partialRecord(z.enum(CHANNELS), z.boolean());

/** A moment of the journey clock as the API writes it. */
export const time = z.iso.datetime().meta({ description: 'Of the journey clock' });

/** Writes a moment of the journey clock, epoch milliseconds. */
export function isoTime(ms: number): string;
export function isoTime(ms: number | null): string | null;
export function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
