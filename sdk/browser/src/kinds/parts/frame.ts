import type { Actions, Renderer } from '../../renderer';
import type { Message, PollResults } from '../../wire';
import { texts } from '../settings';
import { shadowElement, type Hooks } from './element';
import { h, shown, type Child } from './h';
import { closeButton } from './icons';
import { CORNER } from './styles';

/** As long as the motion of `[closing]` in the styles. */
const CLOSING_MS = 160;
/** A live region speaks only what changes once it is in the page. */
const SPEAK_AFTER_MS = 100;

/** What a kind of message draws itself into. */
export interface Frame {
  readonly host: HTMLElement & Hooks;
  /** Nothing is passed on once the message has been left: a second click of an impatient person does nothing. */
  readonly actions: Actions;
  /** Replaces what the panel shows, and keeps the focus in it. */
  readonly show: (...children: readonly Child[]) => void;
  /** Lets a screen reader say something, and leaves the focus where it is. */
  readonly say: (...texts: readonly (string | undefined)[]) => void;
}

type Action = (...given: unknown[]) => void;

type Draw = (message: Message, results: PollResults | undefined) => void;

/**
 * Draws a message into a frame. Returns what draws a newer state of the same message; without it such a state is drawn as the message
 * was at first.
 */
export type Kind = (frame: Frame, ...first: Parameters<Draw>) => Draw | undefined;

/** Draws nothing anew: a newer state must not take a question from under the hands of the person who answers it. */
export const keep: Draw = () => undefined;

/** Makes the renderer of a kind that stands in the corner. */
export const inCorner = (name: string, css: string, draw: Kind): Renderer => renderer(name, CORNER + css, draw);

/**
 * Makes the renderer of a kind: its element, labelled, closed by Escape and a button, with the focus given back.
 * @param name of the element, without `sojourn-`
 * @param role a modal interrupts; the others don't take the focus
 * @param entered called when the element has entered the page, and before it is spoken
 */
export const renderer =
  (
    name: string,
    css: string,
    draw: Kind,
    role: 'modal' | 'dialog' | 'region' = 'dialog',
    entered?: (host: HTMLElement & Hooks) => void,
  ): Renderer =>
  (first, given, counted) => {
    const { host, root } = shadowElement(`sojourn-${name}`, css);
    let left = false;
    const once = ([name, run]: [string, Action]): [string, Action] => [
      name,
      (...args) => {
        if (left) return;
        left = !name.startsWith('answer');
        run(...args);
      },
    ];
    const actions = Object.fromEntries(Object.entries(given).map(once)) as unknown as Actions;
    const { close: label, message } = texts;
    const modal = role === 'modal';
    const content = h('div.content.column');
    const panel = h(
      modal ? 'dialog.panel' : 'section.panel',
      {
        tabindex: -1,
        role: !modal && role,
        // A message without a title has none of that id. It is then named by its label.
        ...{ 'aria-label': message, 'aria-labelledby': 'title', 'aria-describedby': 'body' },
      },
      content,
      closeButton(label, actions.dismiss),
    );
    const status = h('p.sr', { role: 'status' });
    root.append(panel, status);

    const unsaid: (string | undefined)[] = [];
    const frame: Frame = {
      ...{ host, actions },
      show(...children) {
        const held = content.contains(root.activeElement);
        content.replaceChildren(...shown(children));
        if (held) (content.querySelector<HTMLElement>('[autofocus]') ?? panel).focus();
      },
      say(...said) {
        unsaid.push(...said);
        // What is said at the same time is said together: what a live region loses is never spoken.
        setTimeout(() => {
          if (unsaid.length > 0) status.textContent = unsaid.splice(0).filter(Boolean).join('. ');
        }, SPEAK_AFTER_MS);
      },
    };
    let drawn: Message['id'] | undefined;
    let again: Draw | undefined;
    const update: Draw = (message, results) => {
      if (again && message.id === drawn) again(message, results);
      else again = draw(frame, message, results);
      drawn = message.id;
    };
    update(first, counted);
    const giveBack = modal ? interrupt(panel as HTMLDialogElement, actions) : accompany(host, actions);
    host.entered = () => {
      entered?.(host);
      if (modal) (panel as HTMLDialogElement).showModal();
      else frame.say(first.content.title, first.content.body);
    };
    return {
      element: host,
      update,
      async close() {
        left = true;
        host.setAttribute('closing', '');
        if (panel.getAnimations().length > 0) await new Promise((resolve) => setTimeout(resolve, CLOSING_MS));
        giveBack();
        host.remove();
      },
    };
  };

/** A modal takes the focus, keeps it, and gives it back: what the browser does for a dialog. */
function interrupt(dialog: HTMLDialogElement, { dismiss }: Actions): () => void {
  let pressed: EventTarget | null = null;
  // Escape. Which view closes, and when, is the client's to say.
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    dismiss();
  });
  // The dialog itself is its backdrop. A press that began inside is a selection of text.
  dialog.addEventListener('pointerdown', ({ target }) => (pressed = target));
  dialog.addEventListener('click', ({ target }) => {
    if (target === dialog && pressed === dialog) dismiss();
  });
  return () => dialog.close();
}

/** The others stand beside what the person does, and have the focus only when it is moved into them. */
function accompany(host: HTMLElement, { dismiss }: Actions): () => void {
  let before: EventTarget | null = null;
  host.addEventListener('focusin', ({ relatedTarget }) => (before = relatedTarget ?? before));
  host.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    dismiss();
  });
  return () => {
    if (document.activeElement === host) (before as HTMLElement | null)?.focus();
  };
}
