export const TASK_QUEUE = 'native';

/** The signal that something happened. */
export const HAPPENED = 'happened';

/** How a person's workflow begins. */
export interface WelcomeInput {
  readonly userId: string;
}

/** An event as signalled: the rest of it stands in the database. */
export interface Happened {
  readonly id: string;
  readonly name: string;
}

/** A mail to send; a step of the journey and its template have the same name. */
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
