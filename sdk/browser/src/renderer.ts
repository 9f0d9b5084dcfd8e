import type { Client } from './client';
import type { Answer, Message, PollResults, State } from './wire';

export type { Settings } from './settings';

/** What a person can do with a message that is on the screen. A view never closes itself: the client does, after `click`, `dismiss` and `snooze`. */
export interface Actions {
  /** Takes the action: the client reports it, and follows an address. @param url default: the message's, if it has one */
  readonly click: (url?: string) => void;
  /** Leaves the message. Of one that has been answered nothing is reported: it is only taken from the screen. */
  readonly dismiss: () => void;
  readonly snooze: () => void;
  /** Takes a choice, or an option of a poll or quiz. */
  readonly answer: (value: string) => void;
  /** Answers questions of a survey or rating. `done` after the last one. */
  readonly answerQuestions: (answers: Readonly<Record<string, Answer>>, done: boolean) => void;
}

/** A message on the screen. */
export interface View {
  /** The custom element that shows it. Its box is what the person sees of the message. */
  readonly element: HTMLElement;
  /** Shows a newer state of the same card: another message of its slot, or results that have changed. */
  update(message: Message, results: PollResults | undefined): void;
  /** Takes it from the screen, with its motion. Resolves when it is gone. */
  close(): Promise<void>;
}

/** Makes the view of a message of one kind. It is not on the page yet: the client puts it at the end of the body. */
export type Renderer = (message: Message, actions: Actions, results: PollResults | undefined) => View;

/** What a widget needs of the client. */
export interface Source {
  actionsOf(message: Message): Actions;
  /** Counts an impression of the message once half of the element was visible for a second. */
  watch(element: Element, message: Message): void;
  /** Calls a function once half of the element was visible for a second. Returns what ends the watch. */
  watchSeen(element: Element, onSeen: () => void): () => void;
  chat: Client['chat'];
}

/** An element that an app puts in its own page: `<sojourn-chat>`, `<sojourn-inbox>` or `<sojourn-profile>`. */
export interface Widget extends HTMLElement {
  /** Shows the state. The client calls it at every change, and when the element has fired `sojourn-connect`. */
  show(state: State, source: Source): void;
}
