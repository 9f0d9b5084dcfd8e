import { hash } from 'node:crypto';
import { z } from 'zod';
import type { Chats } from '../../engine/chats/chat';
import type { FlagDefinitions } from '../../engine/flags/evaluate';
import { flagsOf } from '../../engine/flags/flags-of';
import type { Policy } from '../../engine/policy/define';
import type { InAppState } from '../../store/in-app-state';
import { chatsOfUser, shownChats } from '../chats-of-user';
import { flagsOfUser } from '../flags-of-user';
import { inboxMessage, messageResponse } from '../inbox-message';

/** The members of the state, in the order in which its version names them. */
const MEMBERS = ['messages', 'profile', 'flags', 'variants', 'polls', 'session', 'chats'] as const;
type Member = (typeof MEMBERS)[number];

const pollResults = z.object({
  votes: z.record(z.string(), z.int()).meta({ description: 'The number of votes for each option that has one' }),
  total: z.int().meta({ description: 'The number of people who have voted' }),
});

/** What the state depends on beside its user. */
export type StateDefinitions = FlagDefinitions & {
  readonly policy: Pick<Policy, 'caps'>;
  readonly chats?: Chats | undefined;
};

/** Schema of the state of a user, as their app reads it. */
export const inAppState = z.object({
  messages: z.array(inboxMessage).meta({ description: 'As in `GET /v1/inbox`' }),
  profile: z
    .object({
      stage: z.string().meta({ description: 'Empty until the first decision' }),
      points: z.number().meta({ description: 'What journeys have awarded' }),
      badges: z.array(z.string()).meta({ description: 'What journeys have awarded, the oldest first' }),
    })
    .meta({ description: 'What the app may show of the user' }),
  ...flagsOfUser.shape,
  polls: z.record(z.string(), pollResults).meta({
    description:
      'The results of each poll among the messages that the user has answered, or that shows them to all, by name',
  }),
  session: z
    .object({ most: z.int().meta({ description: 'So many messages may appear by themselves in a session' }) })
    .nullable()
    .meta({ description: 'The bound that the policy sets; null if it sets none' }),
  chats: chatsOfUser.meta({
    description:
      'The conversations that are open or were closed less than a day ago, the latest activity first; 20 at most',
  }),
});

/** A state as it is sent. */
export interface WireState {
  /** The JSON text of each member. */
  readonly members: Readonly<Record<Member, string>>;
  /** A hash of each member, joined by dots, so that it says of an earlier state which members have changed since. */
  readonly version: string;
  /** When the messages or conversations change by time alone, epoch milliseconds of the journey clock; `Infinity` if they do not. */
  readonly changesAt: number;
}

/** 48 bits of a hash. Only states of one user are compared. */
const HASH_LENGTH = 8;

/** Makes the state that is sent, with the flags, the chats and the policy that are defined now. */
export function wireState(
  { messages, profile, user, polls, chats, changesAt }: InAppState,
  definitions: StateDefinitions,
): WireState {
  const { session } = definitions.policy.caps.inApp;
  const state: z.infer<typeof inAppState> = {
    messages: messages.map(messageResponse),
    profile: { ...profile, badges: [...profile.badges] },
    ...flagsOf(definitions, user),
    polls,
    session: session === undefined ? null : { most: session },
    chats: shownChats(definitions.chats, chats, user.traits),
  };
  const texts = MEMBERS.map((member) => [member, JSON.stringify(state[member])] as const);
  return {
    members: Object.fromEntries(texts) as Record<Member, string>,
    version: texts.map(([, text]) => hashOf(text)).join('.'),
    changesAt,
  };
}

function hashOf(text: string): string {
  return hash('sha256', text, 'base64url').slice(0, HASH_LENGTH);
}

/**
 * The version of a state after the results of its polls have changed; null when it has these results, or is no version of a state.
 * @param polls the JSON text of the member
 */
export function withPolls(version: string, polls: string): string | null {
  const hashes = version.split('.');
  const place = MEMBERS.indexOf('polls');
  if (hashes.length !== MEMBERS.length || hashes[place] === hashOf(polls)) return null;
  return hashes.with(place, hashOf(polls)).join('.');
}

/**
 * The JSON text of the members that differ from an earlier state; null when none does.
 * @param version of the earlier state, or whatever a client sent in its place
 */
export function changedSince(version: string, state: WireState): string | null {
  if (version === state.version) return null;
  const before = version.split('.');
  const now = state.version.split('.');
  return objectOf(
    state,
    MEMBERS.filter((_, n) => before[n] !== now[n]),
  );
}

/** The JSON text of the whole state. */
export function wholeState(state: WireState): string {
  return objectOf(state, MEMBERS);
}

function objectOf({ members }: WireState, names: readonly Member[]): string {
  return `{${names.map((name) => `"${name}":${members[name]}`).join()}}`;
}
