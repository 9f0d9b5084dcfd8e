import { isBuiltIn, type ChannelSpec } from '../engine/model/channels';
import type { Consent } from '../engine/model/consent';
import { localized } from '../engine/model/localized';
import { getOwn } from '../engine/model/own-property';
import { frequencyOf, standingOf, type TopicChoice } from '../engine/model/preferences';
import type { ChannelName } from '../engine/model/state';
import type { Topic } from '../engine/topics/topic';
import type { PersonOfPage } from '../store/preferences';
import { escapeHtml, type Page } from './html';
import { ofChannel, type PageWords } from './page-texts';

/** The fields of the form, as the browser sends them: a box that is not ticked is absent. */
export type PreferenceForm = Readonly<Record<string, string>>;

/** What the page shows. */
export interface PreferenceView {
  readonly person: Pick<PersonOfPage, 'consent' | 'topics'>;
  readonly topics: readonly Topic[];
  /** The channels that reach people. */
  readonly channels: readonly ChannelSpec[];
  readonly words: PageWords;
  /** What has just been done. Null when the page is opened. */
  readonly done: 'saved' | 'all' | null;
}

const STYLE = `fieldset{padding:0;border:0;min-inline-size:0}
legend{padding:0;font-size:16px;font-weight:600}
fieldset p{margin-block-end:4px}
.choice{display:flex;align-items:center;gap:8px;margin:0;padding-block:4px;font-weight:400}
.choice input{flex:none;inline-size:20px;block-size:20px;min-block-size:0;margin:0;accent-color:var(--sojourn-accent)}
.often{display:flex;flex-wrap:wrap;align-items:center;gap:8px;margin-block-start:8px}
.often label{margin:0;font-weight:400}
.topics fieldset{padding-block:16px;border-block-end:1px solid var(--sojourn-hairline);margin:0}
.do{display:flex;flex-wrap:wrap;gap:12px;margin-block:24px 0}
@media (pointer:coarse){.choice{min-block-size:44px}}
`;

/** The channels that the page offers: those of the topics, email, the team's own, and those that the person has answered about. */
function offered({ topics, channels, person: { consent } }: PreferenceView): readonly ChannelSpec[] {
  const ofTopics = new Set<ChannelName>(topics.flatMap((topic) => topic.channels));
  return channels.filter(
    ({ name }) => ofTopics.has(name) || name === 'email' || !isBuiltIn(name) || consent[name] !== undefined,
  );
}

/** What a channel is called: the pages have words for those that ship, and the team for its own. */
function nameOf({ name, label }: Pick<ChannelSpec, 'name' | 'label'>, texts: Parameters<typeof ofChannel>[0]): string {
  return isBuiltIn(name) ? ofChannel(texts, name) : label;
}

/** The preference page: a form that works without JavaScript. */
export function preferencePage(view: PreferenceView): Page {
  const { words, topics, person, done } = view;
  const { language, texts } = words;
  const { preferences: said } = texts;
  const told = done && `<p role="status" class="notice">${done === 'all' ? said.allDone : said.saved}</p>`;
  return {
    title: said.title,
    language,
    style: STYLE,
    body: `<h1>${said.title}</h1>${told ?? ''}<form method="post">
${topics.length === 0 ? '' : `<h2>${said.topics}</h2><div class="topics">${topics.map((topic) => fieldsOf(topic, view)).join('')}</div>`}
<h2 id="channels">${said.channels}</h2><p class="muted">${said.channelsMore}</p>
<fieldset aria-labelledby="channels">${offered(view)
      .map((channel) =>
        box(`channel.${channel.name}`, escapeHtml(nameOf(channel, said.allBy)), person.consent[channel.name] !== false),
      )
      .join('')}</fieldset>
<div class="do"><button class="primary" name="do" value="save">${said.save}</button><button name="do" value="all">${said.all}</button></div>
</form>`,
  };
}

function fieldsOf(topic: Topic, { person, words, channels }: PreferenceView): string {
  const { preferences: said } = words.texts;
  const isIn = isTicked(topic, person);
  const chosen = getOwn(person.topics, topic.name)?.channels ?? {};
  const isPending = standingOf(person.topics, topic) === 'pending';
  const about = topic.description === undefined ? '' : `<p>${inLanguage(topic.description, words)}</p>`;
  const choices =
    topic.channels.length < 2
      ? box(`topic.${topic.name}`, said.subscribed, isIn)
      : topic.channels
          .map((channel) =>
            box(
              `topic.${topic.name}.${channel}`,
              escapeHtml(
                nameOf(channels.find(({ name }) => name === channel) ?? { name: channel, label: channel }, said.by),
              ),
              isIn && chosen[channel] !== false,
            ),
          )
          .join('');
  return `<fieldset><legend>${inLanguage(topic.title, words)}</legend>${about}${isPending ? `<p class="warn">${said.pending}</p>` : ''}${choices}${often(topic, person, words)}</fieldset>
`;
}

function often(topic: Topic, person: PreferenceView['person'], { texts: { preferences: said } }: PageWords): string {
  if (topic.frequencies.length < 2) return '';
  const id = `often.${topic.name}`;
  const present = frequencyOf(person.topics, topic.name);
  const options = topic.frequencies.map(
    (one) => `<option value="${one}"${one === present ? ' selected' : ''}>${said.frequencies[one]}</option>`,
  );
  return `<div class="often"><label for="${id}">${said.howOften}</label><select id="${id}" name="${id}">${options.join('')}</select></div>`;
}

/** A box, and a hidden field that says that the page has it: a browser sends no box that is not ticked. */
function box(name: string, label: string, isTickedNow: boolean): string {
  return `<input type="hidden" name="shown.${name}" value="1"><label class="choice"><input type="checkbox" name="${name}"${isTickedNow ? ' checked' : ''}>${label}</label>`;
}

function inLanguage(text: Topic['title'], { language }: PageWords): string {
  return escapeHtml(localized(text, language));
}

function isTicked(topic: Topic, { topics }: PreferenceView['person']): boolean {
  return standingOf(topics, topic) !== 'out';
}

/**
 * What a form changes. What is as it was stays unanswered, so that a save makes no answers that nobody gave. What the page did not
 * have stays as it is.
 */
export function changesIn(
  form: PreferenceForm,
  { person, topics, channels: known }: Pick<PreferenceView, 'person' | 'topics' | 'channels'>,
): { readonly channels: Consent; readonly topics: Readonly<Record<string, TopicChoice>> } {
  const isShown = (name: string): boolean => getOwn(form, `shown.${name}`) !== undefined;
  const ticked = (name: string): boolean => getOwn(form, name) !== undefined;
  const channels = known
    .map(({ name }) => name)
    .filter((channel) => {
      const name = `channel.${channel}`;
      return isShown(name) && ticked(name) !== (person.consent[channel] !== false);
    })
    .map((channel) => [channel, ticked(`channel.${channel}`)] as const);
  return {
    channels: Object.fromEntries(channels),
    topics: Object.fromEntries(
      topics.flatMap((topic) => {
        const choice = choiceIn(form, topic, person, { isShown, ticked });
        return Object.keys(choice).length === 0 ? [] : [[topic.name, choice] as const];
      }),
    ),
  };
}

function choiceIn(
  form: PreferenceForm,
  topic: Topic,
  person: PreferenceView['person'],
  { isShown, ticked }: Readonly<Record<'isShown' | 'ticked', (name: string) => boolean>>,
): TopicChoice {
  const own = `topic.${topic.name}`;
  const by = topic.channels.length < 2 ? [] : topic.channels.filter((channel) => isShown(`${own}.${channel}`));
  const wasIn = isTicked(topic, person);
  const wants =
    by.length === 0 ? (isShown(own) ? ticked(own) : wasIn) : by.some((channel) => ticked(`${own}.${channel}`));
  const chosen = getOwn(person.topics, topic.name)?.channels ?? {};
  // Somebody who leaves by all channels leaves the topic, and keeps what they chose for when they come back.
  const changed = wants ? by.filter((channel) => ticked(`${own}.${channel}`) !== (chosen[channel] ?? true)) : [];
  const frequency = topic.frequencies.find((one) => one === getOwn(form, `often.${topic.name}`));
  return {
    ...(wants !== wasIn && { subscribed: wants }),
    ...(changed.length > 0 && {
      channels: Object.fromEntries(changed.map((channel) => [channel, ticked(`${own}.${channel}`)])),
    }),
    ...(frequency !== undefined && frequency !== frequencyOf(person.topics, topic.name) && { frequency }),
  };
}

/** What the button for everything changes: all channels, and all topics that people are in. */
export function leaveAll({
  person,
  topics,
  channels,
}: Pick<PreferenceView, 'person' | 'topics' | 'channels'>): ReturnType<typeof changesIn> {
  const left = topics
    .filter((topic) => isTicked(topic, person))
    .map(({ name }) => [name, { subscribed: false }] as const);
  return {
    channels: Object.fromEntries(channels.map(({ name }) => [name, false])),
    topics: Object.fromEntries(left),
  };
}

/** What the page says about topics and channels, as text: the proof of what somebody has agreed to. */
export function wordingOf(
  { topics, channels, words }: Pick<PreferenceView, 'topics' | 'channels' | 'words'>,
  changed: ReturnType<typeof changesIn>,
): string {
  const { preferences: said } = words.texts;
  const ofTopics = topics
    .filter(({ name }) => Object.hasOwn(changed.topics, name))
    .map(({ title, description }) => {
      const about = description === undefined ? '' : `: ${localized(description, words.language)}`;
      return `${said.topics}: ${localized(title, words.language)}${about}`;
    });
  const ofChannels = channels
    .filter(({ name }) => Object.hasOwn(changed.channels, name))
    .map((channel) => `${said.channels}: ${nameOf(channel, said.allBy)}`);
  return [...ofTopics, ...ofChannels].join('. ');
}
