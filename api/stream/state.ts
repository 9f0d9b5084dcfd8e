import { hash } from 'node:crypto';
import { z } from 'zod';
import type { FlagDefinitions } from '../../engine/flags/evaluate';
import { flagsOf } from '../../engine/flags/flags-of';
import type { InAppState } from '../../store/in-app-state';
import { jsonObject } from '../fields';
import { flagsOfUser } from '../flags-of-user';
import { inboxMessage, messageResponse } from '../inbox-message';

/** The members of the state, in the order in which its version names them. */
const MEMBERS = ['messages', 'profile', 'flags', 'variants', 'polls'] as const;
type Member = (typeof MEMBERS)[number];

/** Schema of the state of a user, as their app reads it. */
export const inAppState = z.object({
  messages: z.array(inboxMessage).meta({ description: 'As in `GET /v1/inbox`' }),
  profile: z.object({
    stage: z.string().meta({ description: 'Empty until the first decision' }),
    points: z.number(),
    badges: z.array(z.string()),
  }),
  ...flagsOfUser.shape,
  polls: jsonObject.meta({ description: 'The results of each poll, by name' }),
});

/** A state as it is sent. */
export interface WireState {
  /** The JSON text of each member. */
  readonly members: Readonly<Record<Member, string>>;
  /** A hash of each member, joined by dots, so that it says of an earlier state which members have changed since. */
  readonly version: string;
  /** When the first of the messages expires, epoch milliseconds of the journey clock; `Infinity` without messages. */
  readonly expiresAt: number;
}

/** 48 bits of a hash. Only states of one user are compared. */
const HASH_LENGTH = 8;

/** Makes the state that is sent, with the flags that are defined now. */
export function wireState({ messages, profile, user }: InAppState, definitions: FlagDefinitions): WireState {
  const state: z.infer<typeof inAppState> = {
    messages: messages.map(messageResponse),
    profile: { ...profile, badges: [...profile.badges] },
    ...flagsOf(definitions, user),
    polls: {},
  };
  const texts = MEMBERS.map((member) => [member, JSON.stringify(state[member])] as const);
  return {
    members: Object.fromEntries(texts) as Record<Member, string>,
    version: texts.map(([, text]) => hash('sha256', text, 'base64url').slice(0, HASH_LENGTH)).join('.'),
    expiresAt: Math.min(...messages.map(({ expiresAt }) => expiresAt)),
  };
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
