import type { State } from '../wire';
import { CARDS, PROFILE } from './cards';
import { EXAMPLES } from './examples';
import { showExample, showWidget, type Log } from './stage';

// A page of an app, with one message. The address says which, and how: `?show=banner&theme=dark&dir=rtl`.
const asked = new URLSearchParams(location.search);
const { documentElement: root } = document;
root.dataset['theme'] = asked.get('theme') ?? 'light';
root.dir = asked.get('dir') ?? 'ltr';
root.lang = asked.get('lang') ?? 'en';

const show = asked.get('show') ?? '';
const log: Log = (reaction, value) => {
  parent.postMessage({ reaction, value, show }, location.origin);
};

const STATE: State = { messages: CARDS, profile: PROFILE, flags: {}, variants: {}, polls: {} };

async function start(): Promise<void> {
  const settings = { locale: root.lang };
  const place = document.querySelector('#widgets');
  if (place && (show === 'inbox' || show === 'profile')) {
    const widget = await showWidget(`sojourn-${show}`, place, STATE, settings, log);
    if (show === 'inbox') widget.shadowRoot?.querySelector('button')?.click();
  }
  const example = EXAMPLES.find(({ name }) => name === show);
  if (example) await showExample(example, settings, log);
}

document.querySelector('#again')?.addEventListener('click', () => location.reload());
void start().then(() => (root.dataset['ready'] = ''));
