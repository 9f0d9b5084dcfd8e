import { unknownChannels } from '../known-channels';
import type { FieldError } from '../pointer';
import { isReadOrAbsent, type Transit } from './happened-at';
import { readInstant, UNREADABLE } from './instant';
import type { Call } from './schema';

/**
 * What an imported `identify` call says of the consent of its user, for the store.
 * @returns the text of a JSON object; null when it says nothing
 */
export function importedConsent(
  call: Call,
  pointer: string,
  isHistory: boolean,
  { clock, receivedAt, takesConsent = false, channels }: Transit,
): { readonly consent: string | null } | { readonly errors: readonly FieldError[] } {
  const given = call.context?.consent;
  if (given == null || Object.keys(given.channels).length === 0) return { consent: null };
  const at = `${pointer}/context/consent`;
  if (call.type !== 'identify' || !isHistory)
    return { errors: [{ pointer: at, detail: 'is taken only in an identify call with context.history' }] };
  if (!takesConsent) return { errors: [{ pointer: at, detail: 'needs the admin key' }] };
  if (!isReadOrAbsent(given.at)) return { errors: [{ pointer: `${at}/at`, detail: UNREADABLE }] };
  const unknown = channels ? unknownChannels(given.channels, channels(), `${at}/channels`) : [];
  if (unknown.length > 0) return { errors: unknown };
  const answeredAt = readInstant(given.at);
  const received = clock.fromReal(receivedAt);
  return {
    consent: JSON.stringify({
      channels: given.channels,
      ...(answeredAt !== null && { at: Math.min(received, Math.max(0, clock.fromReal(answeredAt))) }),
      ...(given.source !== undefined && { source: given.source }),
    }),
  };
}
