import type { Answer, Message, PollResults } from './wire';

/** What a person can do with a message that is on the screen. */
export interface Actions {
  /** Takes the action: the client reports it, and follows `url` if there is one. */
  click(): void;
  dismiss(): void;
  snooze(): void;
  /** Takes a choice, or an option of a poll or quiz. */
  answer(value: string): void;
  /** Answers questions of a survey or rating. `done` after the last one. */
  answerQuestions(answers: Readonly<Record<string, Answer>>, done: boolean): void;
}

/** A message on the screen. */
export interface View {
  /** The custom element that shows it. */
  readonly element: HTMLElement;
  /** Shows a newer state of the same card: another message of its slot, or results that have changed. */
  update(message: Message, results: PollResults | undefined): void;
  /** Takes it from the screen, with its motion. Resolves when it is gone. */
  close(): Promise<void>;
}

/** Makes the view of a message of one kind. It is not on the page yet. */
export type Renderer = (message: Message, actions: Actions, results: PollResults | undefined) => View;
