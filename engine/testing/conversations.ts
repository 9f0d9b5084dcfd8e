import type { ChatChange, ChatParticipant } from '../model/chat-change';

/** A conversation of a person, as journeys have opened and closed it. */
export interface Conversation {
  readonly chat: string;
  readonly key: string;
  /** Something can be said in it. */
  readonly open: boolean;
  /** The person's own role. */
  readonly role: string;
  /** The person's own name, as the others see it. */
  readonly name: string;
  readonly others: readonly Omit<ChatParticipant, 'userId'>[];
}

/**
 * The conversations that a person is in, in the order in which they were first opened.
 * @param changes all that journeys have changed of conversations, in order
 */
export function conversationsOf(userId: string, changes: readonly ChatChange[]): Conversation[] {
  const latest = new Map<string, { readonly open: boolean; readonly change: Opened }>();
  for (const change of changes) {
    const id = `${change.chat}\n${change.key}`;
    if (isOpened(change)) latest.set(id, { open: true, change });
    else {
      const known = latest.get(id);
      if (known) latest.set(id, { ...known, open: false });
    }
  }
  return [...latest.values()].flatMap(({ open, change: { chat, key, participants } }) => {
    const own = participants.find((one) => one.userId === userId);
    if (!own) return [];
    const others = participants.filter((one) => one !== own).map(({ role, name }) => ({ role, name }));
    return [{ chat, key, open, role: own.role, name: own.name, others }];
  });
}

type Opened = ChatChange & { readonly participants: readonly ChatParticipant[] };

function isOpened(change: ChatChange): change is Opened {
  return change.participants !== null;
}
