import type { Actions, Renderer } from '../../renderer';
import type { Message, PollResults } from '../../wire';
import { texts } from '../settings';
import { shadowElement, type Hooks } from './element';
import { h, shown, type Child } from './h';
import { icon } from './icons';

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

interface Form {
  /** Of the element, without `sojourn-`. */
  readonly name: string;
  readonly css: string;
  /** A modal interrupts; the others don't take the focus. */
  readonly role: 'modal' | 'dialog' | 'region';
  /** Called when the element has entered the page, and before it is spoken. */
  readonly entered?: (frame: Frame) => void;
  /** Draws the message, and again when there is a newer state of it. @param fresh it is another message than the one drawn before */
  readonly draw: (frame: Frame, message: Message, results: PollResults | undefined, fresh: boolean) => void;
}

/** Makes the renderer of a kind: its element, labelled, closed by Escape and a button, with the focus given back. */
export const renderer =
  ({ name, css, role, entered, draw }: Form): Renderer =>
  (first, given, counted) => {
    const { host, root } = shadowElement(`sojourn-${name}`, css);
    const actions = endingOnce(given);
    const { close: label, message: unnamed } = texts();
    const status = h('p.sr', { role: 'status' });
    const content = h('div.content.column');
    const close = h(
      'button.button.quiet.close',
      { type: 'button', 'aria-label': label, onclick: actions.dismiss },
      icon('close'),
    );
    const modal = role === 'modal';
    const panel = h(
      modal ? 'dialog.panel' : 'section.panel',
      { tabindex: -1, role: modal ? undefined : role },
      content,
      close,
    );
    root.append(panel, status);

    const frame: Frame = {
      ...{ host, actions },
      show(...children) {
        const held = content.contains(root.activeElement);
        content.replaceChildren(...shown(children));
        if (held) (content.querySelector<HTMLElement>('[autofocus]') ?? panel).focus();
      },
      say(...said) {
        setTimeout(() => (status.textContent = said.filter(Boolean).join('. ')), SPEAK_AFTER_MS);
      },
    };
    let before: Message['id'] | undefined;
    const update = (message: Message, results: PollResults | undefined) => {
      draw(frame, message, results, message.id !== before);
      before = message.id;
      const { title, body } = { title: root.getElementById('title'), body: root.getElementById('body') };
      panel.setAttribute(title ? 'aria-labelledby' : 'aria-label', title ? 'title' : unnamed);
      panel.toggleAttribute('aria-describedby', Boolean(body));
      if (body) panel.setAttribute('aria-describedby', 'body');
    };
    update(first, counted);
    host.entered = () => {
      entered?.(frame);
      if (modal) (panel as HTMLDialogElement).showModal();
      else frame.say(first.content.title, first.content.body);
    };
    const giveBack = modal ? interrupt(panel as HTMLDialogElement, actions) : accompany(host, actions);
    return {
      element: host,
      update,
      async close() {
        actions.end();
        host.setAttribute('closing', '');
        if (panel.getAnimations().length > 0) await new Promise((resolve) => setTimeout(resolve, CLOSING_MS));
        giveBack();
        host.remove();
      },
    };
  };

/** The same actions, of which none is taken once the message has been left, or `end` was called. */
function endingOnce(actions: Actions): Actions & { end(): void } {
  let left = false;
  const guard =
    <Args extends readonly unknown[]>(run: (...args: Args) => void, leaves = true) =>
    (...args: Args) => {
      if (left) return;
      left = leaves;
      run(...args);
    };
  return {
    end: () => void (left = true),
    click: guard((url?: string) => actions.click(url)),
    dismiss: guard(() => actions.dismiss()),
    snooze: guard(() => actions.snooze()),
    answer: guard((value: string) => actions.answer(value), false),
    answerQuestions: guard<Parameters<Actions['answerQuestions']>>(
      (...given) => actions.answerQuestions(...given),
      false,
    ),
  };
}

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
