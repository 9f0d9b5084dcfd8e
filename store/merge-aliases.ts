import type { Pool } from 'pg';
import type { Alias } from './aliases';
import { mergeUsers, type Mergeable, type Merged, type MergeRefusal } from './merge-users';

/** What an `alias` call says. */
export interface AliasCall extends Alias {
  /** The position of the call in the events of its request. If its ids are not merged, that event is not stored. */
  readonly event?: number;
}

/** What a merge has to know of a request. */
interface Request {
  readonly aliases: readonly AliasCall[];
  readonly events: readonly { readonly userId: string }[];
  /** Epoch milliseconds of the journey clock. */
  readonly receivedAt: number;
}

/**
 * Merges the ids that `alias` calls name.
 * @returns as `mergeUsers` does, with what was refused by the position of the call's event
 */
export async function mergeAliases(
  pool: Pick<Pool, 'query'>,
  { aliases, events, receivedAt }: Request,
  mergeable: Mergeable,
): Promise<Merged> {
  // None of the user ids in the request is an anonymous id, even where nobody has been heard of under it before.
  const users = new Set(mergeable === 'visitors' && aliases.length > 0 ? events.map(({ userId }) => userId) : []);
  const isUser = ({ previousId, userId }: Alias): boolean => previousId !== userId && users.has(previousId);
  const open = aliases.filter((alias) => !isUser(alias));
  const { pending, refused } = await mergeUsers(pool, open, mergeable, receivedAt);
  const byEvent = new Map<number, MergeRefusal>();
  const refuse = (alias: AliasCall | undefined, cause: MergeRefusal): void => {
    if (alias?.event !== undefined) byEvent.set(alias.event, cause);
  };
  for (const alias of aliases) if (isUser(alias)) refuse(alias, 'known user');
  for (const [n, cause] of refused) refuse(open[n], cause);
  return { pending, refused: byEvent };
}
