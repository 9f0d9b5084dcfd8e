import { INTERNAL_PREFIX } from '../engine/model/activity';
import { CALLED, ENTER, LEAVE, MERGED } from '../engine/user/commands';
import type { TimelineEntry } from '../store/timeline';

/** What people read of an entry of a timeline. */
export interface EntryWords {
  readonly kind: string;
  /** The class of the colour of the kind; empty for the colour of text. */
  readonly colour: '' | 'good' | 'warn' | 'bad';
  readonly title: string;
  /** Why, or how it ended. */
  readonly note: string;
}

type Words = Omit<EntryWords, 'kind' | 'colour'> & Partial<Pick<EntryWords, 'colour'>>;

/** What each kind of entry is called, and its words. */
const KINDS: Readonly<Record<TimelineEntry['kind'], readonly [kind: string, words: (entry: TimelineEntry) => Words]>> =
  {
    event: ['Event', eventWords],
    stage: ['Stage', plainWords],
    entered: ['Entered', plainWords],
    refused: [
      'Not entered',
      (entry) => ({
        colour: 'warn',
        title: entry.what,
        note: `${detail(entry, 'count')} times, last${because(entry)}`,
      }),
    ],
    step: ['Step', stepWords],
    failure: ['Call failed', (entry) => ({ colour: 'bad', ...stepWords(entry) })],
    message: [
      'Message',
      (entry) => ({
        colour: MESSAGE_COLOURS[entry.what] ?? '',
        title: `${detail(entry, 'step')} by ${detail(entry, 'channel')}`,
        note: entry.what + because(entry) + reportedOf(entry),
      }),
    ],
    goal: ['Goal reached', (entry) => ({ colour: 'good', ...plainWords(entry) })],
    ended: ['Ended', (entry) => ({ title: entry.what, note: detail(entry, 'status') + because(entry) })],
  };

/** Returns what people read of an entry. */
export function wordsFor(entry: TimelineEntry): EntryWords {
  const [kind, words] = KINDS[entry.kind];
  return { kind, colour: '', ...words(entry) };
}

function plainWords({ what, reason }: TimelineEntry): Words {
  return { title: what, note: reason };
}

function stepWords(entry: TimelineEntry): Words {
  const { status } = entry.details;
  const state = status === 'waiting' || status === 'skipped' ? `${status}: ` : '';
  return { title: `${detail(entry, 'journey')}: ${entry.what}`, note: state + entry.reason };
}

function because({ reason }: TimelineEntry): string {
  return reason === '' ? '' : `: ${reason}`;
}

/** What was reported of a message that went out, by the names of the times in the details. */
const REPORTED = [
  ['deliveredAt', 'delivered'],
  ['openedAt', 'opened'],
  ['clickedAt', 'clicked'],
  ['bouncedAt', 'bounced'],
  ['complainedAt', 'reported as spam'],
] as const;

function reportedOf(entry: TimelineEntry): string {
  const found = REPORTED.flatMap(([name, words]) => (detail(entry, name) === '' ? [] : [words]));
  return found.length === 0 ? '' : `; ${found.join(', ')}`;
}

function detail({ details }: TimelineEntry, name: string): string {
  const value = details[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

const MESSAGE_COLOURS: Readonly<Record<string, EntryWords['colour']>> = {
  sent: 'good',
  suppressed: 'warn',
  failed: 'bad',
};

/** What internal events are called. A journey follows a name that ends with a colon. */
const INTERNAL: readonly (readonly [name: string, title: string])[] = [
  [ENTER, 'Added by hand to '],
  [LEAVE, 'Removed by hand from '],
  [MERGED, 'Merged with another user'],
  [CALLED, 'Call answered'],
];

function eventWords({ what: name, reason: type, details }: TimelineEntry): Words {
  const note = details['history'] === true ? 'imported' : '';
  const internal = INTERNAL.find(([prefix]) => name.startsWith(prefix));
  if (internal) return { title: internal[1] + name.slice(internal[0].length), note };
  if (name.startsWith(INTERNAL_PREFIX)) return { title: name.slice(INTERNAL_PREFIX.length), note };
  if (type === 'identify') return { title: 'Traits were set', note };
  const page = type === 'page' || type === 'screen' ? type : '';
  return { title: name, note: [page, note].filter((part) => part !== '').join(', ') };
}
