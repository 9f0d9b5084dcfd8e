/** Whether somebody gets the messages of a topic. `pending`: they have said yes, and have not confirmed it yet. */
export const STANDINGS = ['in', 'out', 'pending'] as const;
export type Standing = (typeof STANDINGS)[number];

/** How often somebody wants the messages of a topic: all of them, or at most one in any seven local days. */
export const FREQUENCIES = ['all', 'weekly'] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** What somebody has answered about a topic. What is absent is as the topic says. */
export interface TopicAnswer {
  readonly standing?: Standing;
  /** The channels about which they have answered. False: none of the topic by this channel. */
  readonly channels?: Readonly<Record<string, boolean>>;
  readonly frequency?: Frequency;
}

/** What somebody has answered, by topic. */
export type Preferences = Readonly<Record<string, TopicAnswer>>;

/** What the policy knows of the topic of a message. */
export interface TopicOfMessage {
  readonly name: string;
  /** Whether people who have not answered get it. */
  readonly default: 'in' | 'out';
}
