import { z } from 'zod';
import type { JsonObject } from '../engine/model/json';
import { CHANNEL_NAME } from '../engine/model/channels';
import { PERSONAL_CHANNELS } from '../engine/model/consent';
import { storableText } from '../engine/model/json';

/** Text. Characters that PostgreSQL cannot store are removed. */
export const text = z.string().overwrite(storableText);

/** An id that the app chose: text or a number. A number that JavaScript would change has been read as text: see `parseExactly`. */
export const id = z
  .union(
    // Not `min(1)`: an optional id that is empty counts as absent, and the description must not say otherwise.
    [text.max(200).refine((given) => given !== ''), z.number()],
    'must be text of 1 to 200 characters or a number',
  )
  .meta({ description: 'An opaque id. Workflow ids contain user ids, so do not use an email address or a name' });

/** Any JSON object. Its content is neither copied nor checked. */
export const jsonObject = z
  .custom<JsonObject>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'must be an object',
  )
  .meta({ type: 'object', additionalProperties: true });

/** An instant of real time as a client spells it; `readInstant` reads it. One that can't be read refuses no call but history. */
export const instant = z
  .unknown()
  .optional()
  .meta({ examples: ['2026-01-05T12:00:00.000Z'] });

/** The path parameters of a user. */
export const userParams = z.object({
  id: text.min(1).max(205).meta({ description: 'The id of the user, or a former one' }),
});

/** Answers by channel. Which channels there are, only the definitions know: see `unknownChannels`. */
export const answersByChannel = z.partialRecord(
  z.string().regex(CHANNEL_NAME, 'must be the name of a channel'),
  z.boolean(),
);

/** Consent by channel. A channel without an answer counts as consented to. */
export const consent = answersByChannel.meta({
  description: `Whether the user agrees to be reached by ${PERSONAL_CHANNELS.map((name) => `\`${name}\``).join(', ')}, or a channel of your own`,
});

/** What a change of consent does, for its descriptions. */
export const CONSENT_CHANGE =
  'Channels left out stay unchanged. A changed answer is an event `Subscribed` or `Unsubscribed`, and each yes is an event ' +
  '`Consent Given`, also if it repeats the former answer.';

/** An instant of the journey clock, as the API returns it. */
export const time = z.iso.datetime().meta({ description: 'On the journey clock' });

/** Formats an instant of the journey clock, given in epoch milliseconds, as ISO 8601. */
export function isoTime(ms: number): string;
export function isoTime(ms: number | null): string | null;
export function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
