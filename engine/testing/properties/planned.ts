import type { JourneyOptions } from '../../authoring/journey';
import type { Consent } from '../../model/consent';
import type { Duration } from '../../model/duration';
import type { ChannelName } from '../../model/state';
import type { LocalHours, LocalTime } from '../../model/zone';

/** When a step of a random journey goes on, as plain data. */
export type PlannedTime =
  | LocalTime
  | LocalHours
  | string
  | { readonly before: string; readonly by: Duration }
  | { readonly after: string; readonly by: Duration };

/** A step of a random journey as plain data, which can be printed, shrunk and edited. */
export type Node =
  | {
      readonly kind: 'send';
      readonly step: string;
      /** The template of the message, which stays the same when the step is renamed. */
      readonly template: string;
      readonly channels: readonly ChannelName[];
      readonly urgent: boolean;
      readonly ifCapped?: 'hold' | 'suppress';
    }
  | { readonly kind: 'sleep'; readonly step: string; readonly duration: Duration }
  | { readonly kind: 'sleepUntil'; readonly step: string; readonly when: PlannedTime; readonly ifPast: 'now' | 'skip' }
  | { readonly kind: 'award'; readonly step: string }
  | { readonly kind: 'track'; readonly step: string }
  | { readonly kind: 'openChat'; readonly step: string; readonly key: string }
  | { readonly kind: 'closeChat'; readonly step: string; readonly key: string }
  | { readonly kind: 'consent'; readonly step: string; readonly answers: Consent }
  | { readonly kind: 'start'; readonly step: string; readonly journey: string }
  | { readonly kind: 'call'; readonly step: string }
  | { readonly kind: 'exit'; readonly step: string; readonly uncounted?: boolean }
  | Branching;

export type Branching = {
  readonly step: string;
  readonly then: readonly Node[];
  readonly otherwise: readonly Node[];
} & (
  | {
      readonly kind: 'waitFor';
      readonly names: readonly string[];
      /** Which of these events have to come: any one, two of them, or each. */
      readonly needs: 'one' | 'two' | 'all';
      readonly within: Duration | { readonly until: PlannedTime } | null;
      readonly sinceNow: boolean;
    }
  | {
      readonly kind: 'check';
      readonly points: number;
      /** What the check asks about the user's events. Default: it compares their points. */
      readonly asks?: PlannedQuestion | null;
    }
  | { readonly kind: 'experiment' }
);

/** Has the user done this so often? */
export interface PlannedQuestion {
  readonly name: string;
  /** The members of the user's group are meant. Default: the user. */
  readonly ofGroup?: boolean;
  readonly within: Duration | null;
  readonly times: number;
}

/** A random journey as plain data. */
export interface Plan {
  readonly id: string;
  readonly trigger: string;
  readonly reenter: NonNullable<JourneyOptions['reenter']>;
  readonly keyed: boolean;
  /** Default: the journey's own default. */
  readonly maxOpenRuns?: number;
  readonly exit: readonly string[];
  readonly goal: { readonly name: string; readonly exit: boolean; readonly within: Duration | null } | null;
  readonly steps: readonly Node[];
}
