import type { History, HistoryRequest, UserEvent, UserState } from '../model/state';
import { groupAmong, withGroup, type GroupsAsked, type PersonAtHand } from '../user/groups';
import { askedFrom } from '../user/history';

type Answers = Pick<History, 'asked' | 'groups'>;

/** The answers to what steps ask about a user of whom everything is known, and nothing of anybody else, with one more. */
export function answerQuestion(
  { asked = {}, groups = [] }: Answers,
  request: Extract<HistoryRequest, { readonly kind: 'asked' | 'group' }>,
  user: GroupsAsked['user'],
  events: readonly UserEvent[],
): Answers {
  return request.kind === 'asked'
    ? { groups, asked: { ...asked, ...askedFrom(events, request.since) } }
    : { asked, groups: withGroup(groups, groupAmong({ ...user, events }, [], request)) };
}

/** Somebody whose whole history is in memory, for the answers about a group. */
export function atHand({ id, traits, lastSeenAt, joined, history }: UserState): PersonAtHand {
  return { id, traits, lastSeenAt, ...(joined && { joined }), events: history.events };
}
