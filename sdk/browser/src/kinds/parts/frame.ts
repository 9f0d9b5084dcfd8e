import type { Actions, View } from '../../renderer';
import type { Message, PollResults } from '../../wire';
import { texts } from '../settings';
import { shadowElement, type ShadowElement } from './element';
import { h, type Child } from './h';
import { icon } from './icons';

/** As long as the motion of `[closing]` in the styles. */
const CLOSING_MS = 160;
/** A live region speaks only what changes once it is in the page. */
const SPEAK_AFTER_MS = 100;

/** What a kind of message draws itself into. */
export interface Frame {
  readonly host: ShadowElement;
  /** The part that is seen: the dialog of a modal, a section of all others. */
  readonly panel: HTMLElement;
  readonly actions: Actions;
  /** Replaces what the panel shows, and keeps the focus in it. */
  show(...children: readonly Child[]): void;
  /** Lets a screen reader say something, and leaves the focus where it is. */
  say(text: string): void;
}

interface Form {
  /** Of the element, without `sojourn-`. */
  readonly name: string;
  readonly css: string;
  /** `dialog` interrupts; the others don't take the focus. */
  readonly role: 'modal' | 'dialog' | 'region';
  /** Called when the element has entered the page, and before it is spoken. */
  readonly entered?: (frame: Frame) => void;
  /** Draws the message, and again when there is a newer state of it. */
  readonly draw: (frame: Frame, message: Message, results: PollResults | undefined) => void;
}

/** Makes the view of a message: its element, labelled, closed by Escape and a button, with the focus given back. */
export function view(form: Form, message: Message, actions: Actions, results: PollResults | undefined): View {
  const { host, root } = shadowElement(`sojourn-${form.name}`, form.css);
  const modal = form.role === 'modal';
  const status = h('p', { role: 'status', class: 'sr' });
  const panel = h(modal ? 'dialog' : 'section', { class: 'panel', part: 'panel', tabindex: -1 });
  if (form.role === 'dialog') panel.setAttribute('role', 'dialog');
  const close = h(
    'button',
    {
      class: 'button quiet close',
      part: 'close',
      type: 'button',
      'aria-label': texts().close,
      onclick: actions.dismiss,
    },
    icon('close'),
  );
  const content = h('div', { class: 'content column' });
  panel.append(content, close);
  root.append(panel, status);

  const frame: Frame = {
    host,
    panel,
    actions,
    show(...children) {
      const held = content.contains(root.activeElement);
      content.replaceChildren(...children.filter((child) => child !== false && child != null));
      if (held) (content.querySelector<HTMLElement>('[autofocus]') ?? panel).focus();
    },
    say(text) {
      setTimeout(() => (status.textContent = text), SPEAK_AFTER_MS);
    },
  };
  const draw = (shown: Message, counted: PollResults | undefined) => {
    form.draw(frame, shown, counted);
    label(panel, root);
  };
  draw(message, results);

  const leave = modal ? interrupt(frame, panel as HTMLDialogElement) : accompany(frame, form, message);
  return {
    element: host,
    update: draw,
    async close() {
      host.setAttribute('closing', '');
      if (panel.getAnimations().length > 0) await new Promise((resolve) => setTimeout(resolve, CLOSING_MS));
      leave();
      host.remove();
    },
  };
}

/** A modal takes the focus, keeps it, and gives it back: what the browser does for a dialog. */
function interrupt({ host, actions }: Frame, dialog: HTMLDialogElement): () => void {
  let pressed: EventTarget | null = null;
  host.entered = () => dialog.showModal();
  // Escape. Which view closes, and when, is the client's to say.
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    actions.dismiss();
  });
  // The dialog itself is its backdrop. A press that began inside is a selection of text.
  dialog.addEventListener('pointerdown', ({ target }) => (pressed = target));
  dialog.addEventListener('click', ({ target }) => {
    if (target === dialog && pressed === dialog) actions.dismiss();
  });
  return () => dialog.close();
}

/** The others stand beside what the person does. They are spoken, and take the focus only when it is moved into them. */
function accompany(frame: Frame, { entered }: Form, { content: { title, body } }: Message): () => void {
  const { host, say, actions } = frame;
  let before: EventTarget | null = null;
  const spoken = [title, body].filter(Boolean).join('. ');
  host.entered = () => {
    entered?.(frame);
    say(spoken);
  };
  host.addEventListener('focusin', ({ relatedTarget }) => (before = relatedTarget ?? before));
  host.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    event.stopPropagation();
    actions.dismiss();
  });
  return () => {
    if (document.activeElement === host && before instanceof HTMLElement) before.focus();
  };
}

/** Names the panel by the title and the text that it shows now. */
function label(panel: HTMLElement, root: ShadowRoot): void {
  for (const [attribute, id] of [
    ['aria-labelledby', 'title'],
    ['aria-describedby', 'body'],
  ] as const) {
    if (root.getElementById(id)) panel.setAttribute(attribute, id);
    else panel.removeAttribute(attribute);
  }
  if (!root.getElementById('title')) panel.setAttribute('aria-label', texts().message);
}
