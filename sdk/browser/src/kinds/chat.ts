import type { ChatActions } from '../chats';
import type { Source } from '../renderer';
import type { Chat as Talk, ChatMessage, Message } from '../wire';
import { asTalk, isWaiting } from './parts/asked';
import { BELL_CSS, ring } from './parts/bell';
import { button, row } from './parts/content';
import { h, shown, type Child } from './parts/h';
import { closeButton, icon } from './parts/icons';
import { Widget } from './parts/widget';
import { look, texts } from './settings';

/** The log runs from its end, so that the browser keeps the latest line in view. */
const CSS = `${BELL_CSS}
.panel{position:fixed;inset:auto;bottom:calc(16px + var(--_offset));inset-inline-end:16px;width:360px;height:480px;margin:0;padding:0;color:inherit}
.panel[open]{display:flex;flex-flow:column}
.top{padding:8px;padding-inline-start:16px;border-bottom:1px solid var(--_hairline)}
h2{flex:1}
details{position:relative}
.menu{position:absolute;z-index:1;inset-inline-end:0;display:grid;width:max-content;max-width:240px;padding:8px;background:var(--_bg);border:1px solid var(--_border);border-radius:var(--_radius-control)}
.log{flex:1;flex-direction:column-reverse;padding:16px;overflow:auto}
.lines{margin-bottom:auto;list-style:none}
.own{flex-direction:row-reverse}
.words{max-width:68%;padding:8px 12px;border:1px solid transparent;border-radius:var(--_radius);background:var(--_surface)}
.own .words{background:var(--_accent);color:var(--_on-accent)}
.state{flex:1 1 100%;text-align:end}
time{opacity:0}
.line:hover time,.log:focus-visible time{opacity:1}
.pick{width:100%;justify-content:space-between}
.pick .count{position:static}
.foot{padding:12px 16px;border-top:1px solid var(--_hairline)}
.foot:empty{display:none}
.chip{border-radius:22px}
.input{flex:1;min-width:0;cursor:text;font-size:16px}
@media (max-width:480px){.panel{inset:auto 0 0;width:100%;max-width:100%;height:85dvh}}`;

/** As long as a text may be. */
const MOST_CHARACTERS = 1000;

/** `<sojourn-chat>`: a button with the number of unread messages, and the conversations behind it. An app puts it where it likes. */
export class Chat extends Widget {
  constructor() {
    super(CSS);
    const open = () => {
      panel.showModal();
      panel.focus();
      draw();
    };
    const bell = h('button.button.bell', { type: 'button', 'aria-haspopup': 'dialog', onclick: open });
    const top = h('div.top.row');
    const lines = h('ul.lines.column');
    const spoken = h('p.sr', { role: 'status' });
    const foot = h('div.foot.column');
    const panel = h(
      'dialog.panel',
      {
        ...{ tabindex: -1, 'aria-labelledby': 'title' },
        // The dialog itself is its backdrop.
        onpointerdown: ({ target }: Event) => target === panel && panel.close(),
      },
      top,
      h('div.log.column', { tabindex: 0, role: 'group', 'aria-labelledby': 'title' }, lines),
      spoken,
      foot,
    );
    this.root.append(bell, panel);

    let talks: readonly Talk[] = [];
    /** What journeys ask, the latest first. */
    let asked: readonly Message[] = [];
    let source: Source;
    let picked: string | undefined;
    let unwatch: (() => void) | undefined;
    const drawn = new Map<Element, string>();

    /** Replaces what an element shows if that is something else than before. Else it keeps its focus, and what is watched. */
    const put = (element: Element, given: unknown, make: () => readonly Child[]) => {
      const now = JSON.stringify([given]);
      if (drawn.get(element) === now) return;
      drawn.set(element, now);
      const held = element.contains(this.root.activeElement);
      element.replaceChildren(...shown(make()));
      if (held) (element.querySelector('input') ?? panel).focus();
    };
    const draw = () => {
      const unread = talks.reduce((sum, talk) => sum + talk.unread, 0);
      ring(bell, icon('chat'), texts.chat, unread);
      if (!panel.open) return;
      const talk = talks.find((one) => pathOf(one) === picked) ?? (talks[1] ? undefined : talks[0]);
      const name = nameOf(talk);
      // Stays open, with what is typed in it, when a second conversation begins.
      picked = talk && pathOf(talk);
      put(top, [picked, name, talk?.blocked, !talks[1]], () => [
        talk && talks[1] && button(texts.back, () => pick(), '.quiet'),
        h('h2.title', { id: 'title' }, name),
        talk?.chat && menu(source.chat(talk.chat, talk.key), name),
        closeButton(texts.close, () => panel.close()),
      ]);
      put(lines, talk ? [picked, talk.others, talk.messages] : talks, () => {
        unwatch?.();
        const last = talk?.messages.at(-1);
        spoken.textContent = last && last.role !== talk?.role ? last.text : '';
        return talk ? talk.messages.map((one) => line(talk, one)) : rows();
      });
      // Not what others have seen: half a sentence must outlast that.
      const kept = talk && [picked, talk.blocked, talk.open, talk.phrases, talk.text];
      put(foot, kept, () => (talk ? below(talk) : []));
    };
    const pick = (talk?: Talk) => {
      picked = talk && pathOf(talk);
      draw();
    };
    const rows = () =>
      talks[0]
        ? talks.map((talk) => {
            const name = nameOf(talk);
            const leads = h('button.button.pick', { type: 'button', onclick: () => pick(talk) });
            return h('li', {}, ring(leads, name, name, talk.unread));
          })
        : [h('li.muted', {}, texts.empty)];

    const line = ({ chat, key, role, others, messages, unread }: Talk, one: ChatMessage) => {
      const { id, text, at, status } = one;
      const own = one.role === role;
      const theirs = others.find((other) => other.role === one.role)?.name;
      const name = one.name ?? theirs ?? one.role;
      // Said by somebody whom the head doesn't name, it must say so.
      const named = others[1] ?? (!own && name !== theirs);
      const placeOf = (wanted: string | null | undefined) => messages.findIndex((each) => each.id === wanted);
      const sent = messages.filter((each) => each.role === role && !each.status).at(-1);
      const seen = others.some((other) => placeOf(other.seen) >= placeOf(id));
      const word = own && (status ? texts[status] : one === sent && texts[seen ? 'seen' : 'sent']);
      const element = h(
        own ? 'li.line.row.own' : 'li.line.row',
        {},
        h('p.words', {}, h(named ? 'b.small' : 'span.sr', {}, `${own ? texts.you : name}: `), h('bdi', {}, text)),
        h('time.muted.small', { datetime: at }, new Date(at).toLocaleTimeString(look.locale, { timeStyle: 'short' })),
        word && h('span.state.muted.small', {}, word),
      );
      const message = asked.find((each) => each.id === id);
      if (message) source.watch(element, message);
      else if (chat && unread && one === messages.at(-1))
        unwatch = source.watchSeen(element, source.chat(chat, key).seen);
      return element;
    };

    const below = ({ chat, key, phrases, text, open: isOpen, blocked }: Talk) => {
      if (!isOpen || blocked) return [h('p.muted', {}, texts.closed)];
      const { say } = source.chat(chat, key);
      const take = (phrase: string) => () => {
        const question = asked.find(isWaiting);
        if (chat) say({ phrase });
        else if (question) source.actionsOf(question).answer(phrase);
      };
      const { message } = texts;
      const input = h('input.input', { 'aria-label': message, placeholder: message, maxlength: MOST_CHARACTERS });
      const onsubmit = (event: Event) => {
        event.preventDefault();
        const words = input.value.trim();
        if (words) say({ text: words });
        input.value = '';
      };
      return [
        phrases[0] && row(...phrases.map((phrase) => button(phrase.text, take(phrase.id), '.chip'))),
        text && h('form.row', { onsubmit }, input, h('button.button.primary', {}, texts.send)),
      ];
    };

    const menu = ({ report, block }: ChatActions, name: string) => {
      const tell = () => {
        report();
        reported.replaceWith(texts.done);
        panel.focus();
      };
      const reported = button(texts.report, tell, '.quiet');
      const label = `${texts.report}, ${texts.block}`;
      return h(
        'details',
        {},
        h('summary.button.quiet', { 'aria-label': label }, icon('more')),
        h(
          'div.menu',
          {},
          reported,
          // What can't be undone takes a second press.
          h(
            'details',
            {},
            h('summary.button.quiet', {}, texts.block),
            button(`${texts.block}: ${name}`, block, '.primary'),
          ),
        ),
      );
    };
    this.left = () => panel.close();
    this.show = (state, given) => {
      source = given;
      asked = state.messages.filter(({ content }) => content.kind === 'chat');
      talks = [...asTalk(asked), ...(state.chats ?? [])];
      draw();
    };
    draw();
  }
}

/** Tells conversations apart. */
const pathOf = ({ chat, key }: Talk) => `${chat}/${key}`;

/** The others and their roles. */
const nameOf = (talk?: Talk) =>
  talk?.others.map(({ name, label }) => [name, label].filter(Boolean).join(' · ')).join(', ') || texts.chat;
