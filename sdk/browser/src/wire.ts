/*
 * What goes over the wire, as docs/in-app-protocol.md describes it. Texts are plain text, never markup.
 */

/** JSON, as the server sends it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

export type Kind =
  | 'banner'
  | 'modal'
  | 'slide-in'
  | 'prompt'
  | 'tip'
  | 'card'
  | 'survey'
  | 'rating'
  | 'poll'
  | 'quiz'
  | 'progress'
  | 'checklist'
  | 'celebration'
  | 'chat';

/** One of several values that a person can take. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** When a message may be shown. All that is present must hold. */
export interface Where {
  /** A path, in which `*` stands for anything. */
  readonly page?: string;
  /** The name of an event that the client has tracked since the message was there. */
  readonly event?: string;
  /** Seconds since the page was opened. */
  readonly delay?: number;
  /** Percent of the page. */
  readonly scroll?: number;
  /** Seconds in which the user did nothing. */
  readonly idle?: number;
  /** A CSS selector. */
  readonly element?: string;
}

/** A branch of a survey. The first that fits the answer says which question follows. */
export type Branch = { readonly to: string } & (
  { readonly is: string | number } | { readonly atMost: number } | { readonly atLeast: number }
);

export interface Question {
  readonly id: string;
  readonly type: 'choice' | 'choices' | 'scale' | 'nps' | 'stars' | 'text';
  readonly ask: string;
  readonly optional?: boolean;
  readonly options?: readonly Choice[];
  readonly min?: number;
  readonly max?: number;
  readonly minLabel?: string;
  readonly maxLabel?: string;
  readonly placeholder?: string;
  readonly next?: readonly Branch[];
}

export type Answer = string | number | readonly string[];

/** What a message shows. Which members a kind has is said in docs/in-app-protocol.md. */
export interface Content {
  readonly kind: Kind;
  readonly title?: string;
  readonly body?: string;
  readonly actionLabel?: string;
  readonly url?: string;
  readonly image?: { readonly url: string; readonly alt: string };
  readonly choices?: readonly Choice[];
  readonly where?: Where;
  readonly priority?: number;
  readonly snooze?: { readonly label: string; readonly seconds: number };
  /** Of a banner. */
  readonly edge?: 'top' | 'bottom';
  /** Of a tip: a CSS selector. */
  readonly anchor?: string;
  /** Of a card. */
  readonly video?: string;
  /** Of a survey. */
  readonly questions?: readonly Question[];
  readonly thanks?: string;
  /** Of a rating. */
  readonly yes?: { readonly label: string; readonly title: string; readonly actionLabel: string; readonly url: string };
  readonly no?: { readonly label: string; readonly title: string; readonly placeholder?: string };
  /** Of a poll or quiz. */
  readonly poll?: string;
  readonly options?: readonly Choice[];
  readonly results?: 'after' | 'always' | 'never';
  readonly change?: boolean;
  /** Of a quiz, once it is answered. */
  readonly right?: string;
  readonly explanation?: string;
  /** Of a quiz or celebration. */
  readonly points?: number;
  /** From 0 to 1. */
  readonly progress?: number;
  readonly steps?: readonly { readonly label: string; readonly done: boolean }[];
  /** Of a checklist. */
  readonly items?: readonly { readonly label: string; readonly done: boolean; readonly url?: string }[];
  /** Of a celebration. */
  readonly badge?: string;
  readonly streak?: number;
}

/** A message in the inbox. Times are ISO 8601. */
export interface Message {
  readonly id: string;
  readonly journey: string;
  readonly run: string | null;
  readonly key: string | null;
  readonly step: string;
  readonly slot: string | null;
  readonly content: Content;
  readonly sentAt: string;
  readonly expiresAt: string;
  readonly seenAt: string | null;
  readonly clickedAt: string | null;
  readonly answeredAt: string | null;
  /** The choice that the user took. */
  readonly answer: string | null;
  /** The answers to the questions of a survey so far. */
  readonly answers: Readonly<Record<string, Answer>> | null;
}

/** The results of a poll: the number of votes for each option. */
export interface PollResults {
  readonly votes: Readonly<Record<string, number>>;
  readonly total: number;
}

/** A message in a conversation between people. */
export interface ChatMessage {
  readonly id: string;
  /** The role of the sender. */
  readonly role: string;
  /** The name of another person who said it. Somebody else may have their role by now. */
  readonly name?: string;
  readonly text: string;
  readonly at: string;
  /** Of what the user has just said: on its way, or refused for good. Missing once the server has it. */
  readonly status?: 'sending' | 'refused';
}

/** A conversation of the user with people in other roles. */
export interface Chat {
  /** The name and the key of the conversation. */
  readonly chat: string;
  readonly key: string;
  /** The role of the user. */
  readonly role: string;
  /** Whether something can still be said. */
  readonly open: boolean;
  readonly blocked: boolean;
  /** Whether people may write text of their own. */
  readonly text: boolean;
  readonly others: readonly {
    readonly role: string;
    /** The role, in words. */
    readonly label: string;
    readonly name: string;
    /** The id of the last message that they have seen. */
    readonly seen: string | null;
  }[];
  /** What the user can say. */
  readonly phrases: readonly { readonly id: string; readonly text: string }[];
  /** The latest ones, oldest first. */
  readonly messages: readonly ChatMessage[];
  readonly unread: number;
}

/** All that a page shows of its user. */
export interface State {
  readonly messages: readonly Message[];
  readonly profile: { readonly stage: string; readonly points: number; readonly badges: readonly string[] };
  readonly flags: Readonly<Record<string, Json>>;
  /** The variant of each flag that is an experiment for the user, by the name of the flag. Reading such a flag is reported. */
  readonly variants: Readonly<Record<string, string>>;
  readonly polls: Readonly<Record<string, PollResults>>;
  /** The conversations of the user, the latest activity first. Missing where the server does not have them. */
  readonly chats?: readonly Chat[];
  /** Bounds of a session; null if the policy has none. */
  readonly session?: { readonly most: number } | null;
}

export type Reaction = 'seen' | 'clicked' | 'dismissed' | 'snoozed';
