/** Why a step that was reached is not decided yet. A step without a hold waits for its event, its time or its answer. */
export type Hold =
  /** Its journey is paused. */
  | 'paused'
  /** The policy holds its message until the quiet hours end. */
  | 'quiet hours'
  /** The user is new and has no address yet. The policy holds the message for as long as one may still arrive. */
  | 'address'
  /** The policy holds the message until its caps have room again, as the step asks. */
  | 'cap'
  /** Its message was due in the past. It is decided later in the same advance, at wall time. */
  | 'catching up';

/**
 * Why a message could not take a channel: there is no address, mail to the address came back or was reported as spam, the user or another holder of the
 * address opted out, or a cap is reached.
 */
export type Obstacle = 'address' | 'undeliverable' | 'consent' | 'cap';

/** Why a message is suppressed: by the policy, or because what it was to bring about has happened before it went out. */
export type SuppressCause = Obstacle | 'expired' | 'quiet hours' | 'no channel' | 'not needed';

/** Why an edit made a run skip a step. */
export type SkipCause =
  /** The edit added the step behind the position. */
  | 'behind'
  /** The run waited in the step, and the code no longer has it. */
  | 'removed'
  /** The step is a message that the run has already decided, under another name. */
  | 'renamed'
  /** The run has already decided a step of this name that was of another kind. */
  | 'other kind';
