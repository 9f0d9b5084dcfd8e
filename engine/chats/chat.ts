import type { Duration } from '../model/duration';
import type { Localized } from '../model/localized';

/** What an author says of a role of a chat. */
export interface ChatRoleOptions {
  /** What the others call somebody in this role: `'Courier'`. */
  readonly label: Localized;
  /** What somebody in this role can say, by the id of the phrase. Each reader gets it in their own language. Default: nothing. */
  readonly phrases?: Readonly<Record<string, Localized>>;
}

/** What an author says of a chat. */
export interface ChatOptions {
  /** Two roles or more, by name. A conversation has at most one person in each. */
  readonly roles: Readonly<Record<string, ChatRoleOptions>>;
  /** Whether people may also write text of their own. Default false. */
  readonly text?: boolean;
  /** How long a conversation is kept after it is closed, or after its last message. Default `'30 days'`. */
  readonly keep?: Duration;
}

/** A role of a chat. */
export interface ChatRole {
  readonly label: Localized;
  readonly phrases: Readonly<Record<string, Localized>>;
}

/** A declared chat. Steps of journeys take it, or its name. */
export interface Chat<Role extends string = string> {
  readonly kind: 'chat';
  readonly name: string;
  readonly roles: Readonly<Record<Role, ChatRole>>;
  readonly text: boolean;
  /** How long a conversation is kept after it is closed, or after its last message, in milliseconds. */
  readonly keepMs: number;
}

/** All chats that a team declares, by name. */
export interface Chats<ByName extends Readonly<Record<string, Chat>> = Readonly<Record<string, Chat>>> {
  readonly kind: 'chats';
  readonly byName: ByName;
}
