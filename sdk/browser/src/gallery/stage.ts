import { configure, defineWidgets, renderers } from '../kinds';
import type { Actions, Settings, Source, View, Widget } from '../renderer';
import type { Chat, State } from '../wire';
import type { Example } from './examples';

/** Called with what a person does with a message, as the client would report it. */
export type Log = (reaction: string, value?: unknown) => void;

/** Shows an example in this page, with the part of the server played here. */
export async function showExample(example: Example, settings: Settings, log: Log): Promise<View> {
  await configure(settings);
  const render = renderers[example.message.content.kind];
  if (!render) throw new Error(`Nothing renders messages of the kind '${example.message.content.kind}'.`);
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

/** The widgets, by their elements. */
export type WidgetTag = 'sojourn-chat' | 'sojourn-inbox' | 'sojourn-profile';

/** A widget on the page. */
export interface ShownWidget {
  readonly widget: Widget;
  /** Shows another state, as the server would send it. */
  readonly change: (state: State) => void;
}

/** Shows a widget where an app would put it on its page. */
export async function showWidget(
  tag: WidgetTag,
  place: Element,
  first: State,
  settings: Settings,
  log: Log,
): Promise<ShownWidget> {
  await configure(settings);
  defineWidgets();
  const widget = document.createElement(tag) as Widget;
  let state = first;
  const change = (by: Partial<State>) => {
    state = { ...state, ...by };
    widget.show(state, source);
  };
  const talk: Source['chat'] = (chat, key) => {
    const own = (one: Chat) => one.chat === chat && one.key === key;
    const take = (deed: string, value: unknown, by: (before: Chat) => Partial<Chat>) => {
      log(deed, value);
      change({ chats: (state.chats ?? []).map((one) => (own(one) ? { ...one, ...by(one) } : one)) });
    };
    return {
      get state() {
        return state.chats?.find(own);
      },
      say: (said) =>
        take('say', said, ({ messages: before, phrases, role }) => {
          const text = 'text' in said ? said.text : (phrases.find(({ id }) => id === said.phrase)?.text ?? '');
          return { messages: [...before, { id: `said-${before.length}`, role, text, at: new Date().toISOString() }] };
        }),
      seen: () => take('seen', undefined, () => ({ unread: 0 })),
      report: (report) => take('report', report, () => ({})),
      block: () => take('block', undefined, () => ({ blocked: true })),
    };
  };
  const source: Source = {
    actionsOf: (message) => ({
      click: (url) => log('clicked', url ?? message.content.url),
      dismiss: () => {
        log('dismissed', message.id);
        change({ messages: state.messages.filter(({ id, answeredAt }) => id !== message.id || answeredAt !== null) });
      },
      snooze: () => log('snoozed', message.id),
      answer: (value) => {
        log('answer', value);
        const by = { answer: value, answeredAt: new Date().toISOString() };
        change({ messages: state.messages.map((one) => (one.id === message.id ? { ...one, ...by } : one)) });
      },
      answerQuestions: (answers, done) => log('answers', { answers, done }),
    }),
    watch: () => undefined,
    // Here a look is enough.
    watchSeen: (_element, onSeen) => {
      const timer = setTimeout(onSeen);
      return () => clearTimeout(timer);
    },
    chat: talk,
  };
  place.append(widget);
  change({});
  return { widget, change };
}
