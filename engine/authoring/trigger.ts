declare const entered: unique symbol;

/**
 * What lets a user enter a journey, as plain data. Each kind has a file in `user/triggers/` that holds everything else about
 * it. Support staff can enter a user into any journey by hand.
 *
 * `Entered` is the type of `j.event` in the journey's code.
 */
export interface Trigger<Entered = unknown> {
  readonly kind: string;
  /** Never set. It only carries the type. */
  readonly [entered]?: Entered;
}
