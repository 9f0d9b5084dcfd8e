import { decideAgain } from '../engine/policy/again';
import type { ClaimedMessage } from '../store/claims';
import { loadUser, NOTHING_MORE } from '../store/state-load';
import type { Delivery } from './channels/channel';
import type { ActivityDeps } from './deps';

/**
 * What stands against a message now that was held by a switch after its decision. The policy is asked again, with the user as they are.
 * @returns null when it may be sent; otherwise it is suppressed, or has to wait, as in quiet hours
 */
export async function againstNow(
  { pool, clock, definitions }: Pick<ActivityDeps, 'pool' | 'clock' | 'definitions'>,
  message: ClaimedMessage,
): Promise<Exclude<Delivery, { readonly outcome: 'sent' }> | null> {
  const { current } = definitions;
  const loaded = await loadUser(pool, current, message.user.id, NOTHING_MORE);
  if (!loaded) return null;
  const { traits, reach, memory } = loaded.state;
  const now = clock.now();
  const verdict = decideAgain(current, { ...message, traits, reach, sent: memory?.sent ?? [] }, now);
  const { reason } = verdict;
  if (verdict.kind === 'send') return null;
  if (verdict.kind === 'suppress') return { outcome: 'suppressed', cause: verdict.cause, reason };
  const afterMs = (verdict.until - now) / clock.speed;
  return { outcome: 'retry', code: 'Held', detail: reason, afterMs, isWait: true };
}
