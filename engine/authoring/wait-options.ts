import type { Duration } from '../model/duration';
import type { When } from '../model/instant';

/** The options of `j.waitFor`. */
export interface WaitOptions {
  /** How long to wait, counted from when the step is entered. An event counts if it is received by then. Default: without end. */
  readonly within?: Duration;
  /** Until when to wait, in place of `within`: an instant, or a time of the local calendar, as for `sleepUntil`. */
  readonly until?: When;
  /** `'now'`: only events from when the step is entered on count. Default: events since the user entered the journey count. */
  readonly since?: 'now';
}

/** The option of `j.waitFor` that asks for several events. */
export interface Repeated {
  /** How many events have to come, 2 to 100. The answer is then a list of them, in the order they happened. */
  readonly times: number;
}

/** The options of `j.sleepUntil` for an instant. */
export interface InstantOptions {
  /** What to do if the instant is over when the step is reached. `'now'`: go on. `'skip'`: go on and return false. Default: `'now'`. */
  readonly ifPast?: 'now' | 'skip';
}
