import type { Comparison, Difference } from '../../engine/simulate/comparison';
import type { Measure } from '../../engine/simulate/measures';
import { channelLabel } from '../../engine/model/channels';
import { count, number, percent } from './format';
import type { Section } from './section';

/** Says in a few sentences how many people an edit concerns, and what it does to the messages that they get. */
export function differencesTitle(
  { after: { people }, differing, retimed, differences }: Comparison,
  name: string,
): string {
  const all = count(people, 'person', 'people');
  if (differing + retimed === 0) return `Nothing differs from ${name} for any of ${all}.`;
  const messages = differences.find(({ measure }) => measure.of === 'messages');
  const whom = `Against ${name}, something differs for ${percent(differing + retimed, people)} of ${all}.`;
  const times = retimed === 0 ? '' : ` For ${number(retimed)} of them only the times of messages differ.`;
  if (!messages) return `${whom}${times} Each of them gets as many messages as before.`;
  return `${whom}${times} Messages a person: ${perPerson(messages)}${messages.clear ? '' : ', which may be chance'}.`;
}

/** The differences as a table. */
export function differencesSection({ differences, after: { people } }: Comparison, name: string): Section {
  const most = Math.max(...differences.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]));
  return {
    title: `Differences from ${name}`,
    note:
      `each of the ${number(people)} people goes through both versions, and does the same but for what messages bring about. The change is per 100 people, ` +
      'with its interval at 95 % for people like these; "clear" where chance alone hardly explains it. Of twenty measures that an edit does not concern, one may look clear',
    head: ['measure', 'people', 'change', 'per 100 people', 'from', 'to', 'evidence'],
    rows: differences.map((difference) => [
      measureLabel(difference.measure),
      number(difference.people),
      signed(difference.total),
      ...[difference.mean, difference.low, difference.high].map((value) => signed(100 * value)),
      difference.clear ? 'clear' : 'perhaps chance',
    ]),
    bars: {
      kind: 'difference',
      of: differences.map(({ mean, low, high }) => ({ value: mean / most, low: low / most, high: high / most })),
    },
  };
}

/** The change of one measure for each person, with its interval. */
export function perPerson({ mean, low, high }: Pick<Difference, 'mean' | 'low' | 'high'>): string {
  return `${signed(mean)} (from ${signed(low)} to ${signed(high)})`;
}

/** The name of a measure. */
export function measureLabel(measure: Measure): string {
  switch (measure.of) {
    case 'messages':
      return 'messages';
    case 'messages by channel':
      return `messages: ${channelLabel(measure.channel)}`;
    case 'messages by journey':
      return `messages of ${measure.journey}`;
    case 'messages by step':
      return `messages of ${measure.journey}: ${measure.step} (${channelLabel(measure.channel)})`;
    case 'entries':
      return `entries into ${measure.journey}`;
    case 'goals':
      return `goals of ${measure.journey}`;
    case 'collisions':
      return `messages of ${measure.journey} kept back by a cap`;
    case 'unsent':
      return `messages of ${measure.journey} not sent`;
    case 'nights':
      return `messages of ${measure.journey} that waited for the night to end`;
    case 'opt-outs':
      return `opt-outs from ${channelLabel(measure.channel)}`;
  }
}

/** A number with its sign. The minus is as wide as the plus. */
export function signed(value: number): string {
  if (Number(value.toFixed(2)) === 0) return '0';
  return (value > 0 ? '+' : '−') + number(Math.abs(value));
}
