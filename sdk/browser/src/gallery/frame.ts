import type { Settings } from '../renderer';
import type { State } from '../wire';
import { ARABIC_TEXTS, inArabic } from './arabic';
import { CARDS, PROFILE } from './cards';
import { ASKED, CHATS } from './chats';
import { EXAMPLES } from './examples';
import { showExample, showWidget, type Log, type WidgetTag } from './stage';

// A page of an app, with one message. The address says which, and how: `?show=banner&theme=dark&dir=rtl&lang=ar`.
const asked = new URLSearchParams(location.search);
const { documentElement: root } = document;
root.dataset['theme'] = asked.get('theme') ?? 'light';
root.dir = asked.get('dir') ?? 'ltr';
root.lang = asked.get('lang') ?? 'en';

const show = asked.get('show') ?? '';
const log: Log = (reaction, value) => {
  parent.postMessage({ reaction, value, show }, location.origin);
};

/** The examples are written in English, and there are words for them in Arabic. */
const arabic = root.lang === 'ar';
const said = <Value>(value: Value): Value => (arabic ? inArabic(value) : value);

const STATE: State = { messages: CARDS, profile: PROFILE, flags: {}, variants: {}, polls: {} };

/** The widgets, by how the address names them. The chat has one conversation, is asked by a journey, or has several. */
const WIDGETS: Readonly<Record<string, readonly [WidgetTag, State]>> = {
  inbox: ['sojourn-inbox', STATE],
  profile: ['sojourn-profile', STATE],
  chat: ['sojourn-chat', { ...STATE, chats: CHATS.slice(0, 1) }],
  'chat-question': ['sojourn-chat', { ...STATE, messages: ASKED }],
  'chat-list': ['sojourn-chat', { ...STATE, messages: ASKED, chats: CHATS }],
};

async function start(): Promise<void> {
  const settings: Settings = { locale: root.lang, ...(arabic && { texts: ARABIC_TEXTS }) };
  for (const element of document.querySelectorAll('h1, main > p:not(:has(*)), button'))
    element.textContent = said(element.textContent);
  const place = document.querySelector('#widgets');
  const [tag, state] = WIDGETS[show] ?? [];
  if (place && tag && state) {
    const { widget } = await showWidget(tag, place, said(state), settings, log);
    widget.shadowRoot?.querySelector('button')?.click();
  }
  const example = EXAMPLES.find(({ name }) => name === show);
  if (example) await showExample(said(example), settings, log);
}

document.querySelector('#again')?.addEventListener('click', () => location.reload());
void start().then(() => (root.dataset['ready'] = ''));
