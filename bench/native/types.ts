export const TASK_QUEUE = 'native';

/** The signal for an event. */
export const HAPPENED = 'happened';

/** The input of a user's workflow. */
export interface WelcomeInput {
  readonly userId: string;
}

/** The payload of the signal. The rest of the event is in the database. */
export interface Happened {
  readonly id: string;
  readonly name: string;
}
