import { configure, loadWidgets, renderers } from '../kinds';
import type { Actions, Settings, Source, View, Widget } from '../renderer';
import type { Message, State } from '../wire';
import type { Example } from './examples';

/** Called with what a person does with a message, as the client would report it. */
export type Log = (reaction: string, value?: unknown) => void;

/** Shows an example in this page, with the part of the server played here. */
export async function showExample(example: Example, settings: Settings, log: Log): Promise<View> {
  configure(settings);
  const load = renderers[example.message.content.kind];
  if (!load) throw new Error(`Nothing renders messages of the kind '${example.message.content.kind}'.`);
  const render = await load();
  let { message } = example;
  const leave = () => void view.close();
  const actions: Actions = {
    click: (url) => {
      log('clicked', url ?? message.content.url);
      leave();
    },
    dismiss: () => {
      log('dismissed');
      leave();
    },
    snooze: () => {
      log('snoozed');
      leave();
    },
    answer: (value) => {
      log('answer', value);
      const { content = message.content, results } = example.answered ?? {};
      message = { ...message, content, answer: value, answeredAt: new Date().toISOString() };
      const votes = results && { ...results.votes, [value]: (results.votes[value] ?? 0) + 1 };
      view.update(message, results && votes && { votes, total: results.total + 1 });
    },
    answerQuestions: (answers, done) => log('answers', { answers, done }),
  };
  const view = render(message, actions, example.results);
  document.body.append(view.element);
  return view;
}

/** Shows an inbox or a profile where an app would put it on its page. */
export async function showWidget(
  tag: 'sojourn-inbox' | 'sojourn-profile',
  place: Element,
  state: State,
  settings: Settings,
  log: Log,
): Promise<Widget> {
  configure(settings);
  await loadWidgets();
  const widget = document.createElement(tag) as Widget;
  let { messages } = state;
  const change = (changed: Message, by: Partial<Message>) => {
    messages = messages.map((message) => (message.id === changed.id ? { ...message, ...by } : message));
    widget.show({ ...state, messages }, source);
  };
  const source: Source = {
    actionsOf: (message) => ({
      click: (url) => log('clicked', url ?? message.content.url),
      dismiss: () => {
        log('dismissed', message.id);
        messages = messages.filter(({ id, answeredAt }) => id !== message.id || answeredAt !== null);
        widget.show({ ...state, messages }, source);
      },
      snooze: () => log('snoozed', message.id),
      answer: (value) => {
        log('answer', value);
        change(message, { answer: value, answeredAt: new Date().toISOString() });
      },
      answerQuestions: (answers, done) => log('answers', { answers, done }),
    }),
    watch: () => undefined,
  };
  place.append(widget);
  widget.show({ ...state, messages }, source);
  return widget;
}
