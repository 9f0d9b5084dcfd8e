import { INTERNAL_PREFIX } from '../engine/model/activity';
import type { JsonObject } from '../engine/model/json';
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

/** Returns what people read of an entry. */
export function wordsFor({ kind, what, reason, details }: TimelineEntry): EntryWords {
  const at = (name: string): string => {
    const value = details[name];
    return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  };
  const why = reason === '' ? '' : `: ${reason}`;
  const step = { title: `${at('journey')}: ${what}`, note: `${stepNote(details)}${reason}` };
  switch (kind) {
    case 'event':
      return { kind: 'Event', colour: '', ...eventWords(what, reason, details) };
    case 'stage':
      return { kind: 'Stage', colour: '', title: what, note: reason };
    case 'entered':
      return { kind: 'Entered', colour: '', title: what, note: reason };
    case 'refused':
      return { kind: 'Not entered', colour: 'warn', title: what, note: `${at('count')} times, last${why}` };
    case 'step':
      return { kind: 'Step', colour: '', ...step };
    case 'failure':
      return { kind: 'Call failed', colour: 'bad', ...step };
    case 'message':
      return {
        kind: 'Message',
        colour: MESSAGE_COLOURS[what] ?? '',
        title: `${at('step')} by ${at('channel')}`,
        note: `${what}${why}`,
      };
    case 'goal':
      return { kind: 'Goal reached', colour: 'good', title: what, note: reason };
    case 'ended':
      return { kind: 'Ended', colour: '', title: what, note: `${at('status')}${why}` };
  }
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

/** @param type the type of the call that stored the event */
function eventWords(name: string, type: string, details: JsonObject): Pick<EntryWords, 'title' | 'note'> {
  const note = details['history'] === true ? 'imported' : '';
  const internal = INTERNAL.find(([prefix]) => name.startsWith(prefix));
  if (internal) return { title: internal[1] + name.slice(internal[0].length), note };
  if (name.startsWith(INTERNAL_PREFIX)) return { title: name.slice(INTERNAL_PREFIX.length), note };
  if (type === 'identify') return { title: 'Traits were set', note };
  const page = type === 'page' || type === 'screen' ? type : '';
  return { title: name, note: [page, note].filter((part) => part !== '').join(', ') };
}

function stepNote({ status }: JsonObject): string {
  return status === 'waiting' || status === 'skipped' ? `${status}: ` : '';
}
