import type { Settings, View, Widget } from '../renderer';
import type { Message, PollResults, State } from '../wire';
import type { Example } from './examples';
import { showExample, showWidget } from './stage';

/** What the tests of the renderers do in a page of their own. It is not part of what is served. */
export interface Harness {
  /** What the person did, in order. */
  readonly log: [reaction: string, value?: unknown][];
  show(example: Example, settings?: Settings): Promise<void>;
  widget(tag: 'sojourn-inbox' | 'sojourn-profile', state: State, settings?: Settings): Promise<void>;
  update(message: Message, results?: PollResults): void;
  showState(state: State): void;
  close(): Promise<void>;
}

let view: View | undefined;
let widget: Widget | undefined;
const log: Harness['log'] = [];
const note = (reaction: string, value?: unknown) => log.push(value === undefined ? [reaction] : [reaction, value]);

const harness: Harness = {
  log,
  async show(example, settings = { locale: 'en' }) {
    view = await showExample(example, settings, note);
  },
  async widget(tag, state, settings = { locale: 'en' }) {
    const place = document.querySelector('#widgets') ?? document.body;
    widget = await showWidget(tag, place, state, settings, note);
  },
  update: (message, results) => view?.update(message, results),
  showState: (state) =>
    widget?.show(state, {
      actionsOf: () => {
        throw new Error('This state is only looked at.');
      },
      watch: () => undefined,
    }),
  async close() {
    await view?.close();
  },
};
Object.assign(globalThis, { harness });
