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

/** A mail to send. Each step of the journey uses the template of the same name. */
export interface Mail {
  readonly userId: string;
  readonly step: string;
}

/** The activities the workflow calls. */
export interface WelcomeActivities {
  enter(userId: string): Promise<void>;
  send(mail: Mail): Promise<void>;
  leave(userId: string, status: 'completed' | 'exited'): Promise<void>;
}
