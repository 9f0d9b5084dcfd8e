import { SegmentedMessage } from 'sms-segments-calculator';
import type { TeamContent, WebhookContent } from '../../activities/templates/company-content';
import type { InAppContent, WebPushContent } from '../../activities/templates/content';
import type { Contents } from '../../activities/templates/load';
import type { SmsContent, VoiceContent, WhatsAppContent } from '../../activities/templates/phone-content';
import type { PushContent } from '../../activities/templates/push-content';
import { escapeHtml } from '../../api/html';
import type { ChannelName } from '../../engine/model/channels';
import { SIGN } from '../../look/sign';
import { buttons, facts, json, picture, text } from './markup';

/** The channels that are shown as a card. An email is a page of its own. */
type CardChannel = Exclude<keyof Contents, 'email'>;

const CARDS: { readonly [Channel in CardChannel]: (content: Contents[Channel]) => string } = {
  push: ({ title, body, image, ...rest }: PushContent) =>
    `${notification(title, body, image)}${facts({ ...rest, data: undefined, ...rest.data })}`,
  webPush: ({ title, body, icon, ...rest }: WebPushContent) => `${notification(title, body, icon)}${facts(rest)}`,
  inApp: inAppCard,
  sms: ({ text: said }: SmsContent) => `${bubble(said)}${segments(said)}`,
  voice: ({ say, ...rest }: VoiceContent) => `${bubble(`“${say}”`)}${facts(rest)}`,
  whatsApp: ({ text: said, ...rest }: WhatsAppContent) => `${said === undefined ? '' : bubble(said)}${facts(rest)}`,
  slack: teamCard,
  teams: teamCard,
  webhook: ({ data, ...rest }: WebhookContent) => `${facts(rest)}${data ? json(data, 'The data of the event') : ''}`,
};

/** What a message looks like, roughly: each app and each device draws its own. A channel of a team's own is shown as its JSON. */
export function cardOf(channel: ChannelName, content: unknown): string {
  if (!Object.hasOwn(CARDS, channel)) return json(content, `The content for ${channel}`);
  const draw = CARDS[channel as CardChannel] as (content: unknown) => string;
  return draw(content);
}

function notification(title: string, body: string, image: string | undefined): string {
  return `<div class="card"><p class="app">${SIGN}Your app <span class="muted">now</span></p>
${text(title, 'h3')}${text(body)}${picture(image, '')}</div>`;
}

function bubble(said: string): string {
  return `<div class="bubble">${text(said)}</div>`;
}

/** How many SMS a text is, each of which is paid for, and why. */
function segments(said: string): string {
  const message = new SegmentedMessage(said);
  const count = message.segmentsCount;
  const other = [...new Set(message.getNonGsmCharacters())].join(' ');
  return facts({
    Segments: `${count} ${count === 1 ? 'segment' : 'segments'} in ${message.encodingName}`,
    Characters: message.numberOfCharacters,
    'Not in GSM-7': other === '' ? undefined : other,
  });
}

function teamCard({ title, text: said, fields = [], button, channel }: TeamContent): string {
  const named = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
  return `<div class="card">${text(title, 'h3')}${text(said)}${facts(named)}${buttons([button?.label])}</div>${facts({ channel, url: button?.url })}`;
}

/** Whatever the kind, what a person reads comes first, and the rest as facts. */
function inAppCard(content: InAppContent): string {
  const { kind, title, body, image, actionLabel, choices, options, questions, steps, items, progress, ...rest } =
    content as InAppParts;
  return `<div class="card"><p class="app muted">${escapeHtml(kind)}</p>
${picture(image?.url, image?.alt ?? '')}${text(title, 'h3')}${text(body)}
${progress === undefined ? '' : `<progress value="${progress}" aria-label="Progress"></progress>`}
${checks([...(steps ?? []), ...(items ?? [])])}${asked(questions ?? [])}
${buttons([...(choices ?? []), ...(options ?? [])].map(({ label }) => label))}${buttons([actionLabel])}</div>${facts(rest)}`;
}

/** The members of all kinds that have a place on the card. */
interface InAppParts {
  readonly kind: string;
  readonly title?: string;
  readonly body?: string;
  readonly image?: { readonly url: string; readonly alt: string };
  readonly actionLabel?: string;
  readonly choices?: readonly { readonly label: string }[];
  readonly options?: readonly { readonly label: string }[];
  readonly questions?: readonly { readonly ask: string; readonly options?: readonly { readonly label: string }[] }[];
  readonly steps?: readonly { readonly label: string; readonly done: boolean }[];
  readonly items?: readonly { readonly label: string; readonly done: boolean }[];
  readonly progress?: number;
}

function checks(steps: readonly { readonly label: string; readonly done: boolean }[]): string {
  if (steps.length === 0) return '';
  return `<ul class="checks">${steps.map(({ label, done }) => `<li>${done ? '✓ ' : '○ '}${escapeHtml(label)}</li>`).join('')}</ul>`;
}

function asked(questions: NonNullable<InAppParts['questions']>): string {
  if (questions.length === 0) return '';
  const items = questions.map(
    ({ ask, options = [] }) => `<li>${escapeHtml(ask)}${buttons(options.map(({ label }) => label))}</li>`,
  );
  return `<ol>${items.join('')}</ol>`;
}
