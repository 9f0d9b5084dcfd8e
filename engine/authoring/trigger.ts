declare const entered: unique symbol;

/**
 * What lets a user enter a journey, as plain data. Each kind has a file in `user/triggers/`, which knows everything else
 * about it. Every journey can also be entered by hand.
 *
 * `Entered` is the type of the event that the journey's code finds in `j.event`.
 */
export interface Trigger<Entered = unknown> {
  readonly kind: string;
  /** Never there: it carries the type only. */
  readonly [entered]?: Entered;
}
