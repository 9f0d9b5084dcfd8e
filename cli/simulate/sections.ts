import type { Simulation } from '../../engine/simulate/simulation';
import { flow, goals, journeys } from './journey-sections';
import { load, messages, people } from './message-sections';
import { channelLabel } from '../../engine/model/channels';
import { number } from './format';
import type { Section } from './section';

/** Summarizes the simulation in one sentence. */
export function headline({ people: all, from, days, begin, seed, sent }: Simulation): string {
  const who = from === 'population' ? 'people' : 'people sampled from stored histories';
  return (
    `${number(all)} ${who}, ${days} days from ${begin.slice(0, 10)}, seed ${seed}: ` +
    `${number(sent)} messages, ${number(sent / all)} per person`
  );
}

/**
 * Returns the report as tables, for the terminal and the HTML page. A section without data has no rows.
 * @param before the simulation that charts compare this one with. Default: none
 */
export function sections(simulation: Simulation, before?: Simulation): Section[] {
  return [
    messages(simulation, before),
    people(simulation, before),
    load(simulation, before),
    restraint('Held', 'messages that were held, by reason; a message may be held more than once', simulation.held),
    restraint('Not sent', 'messages that were not sent, by reason', simulation.suppressed),
    collisions(simulation),
    goals(simulation, before),
    journeys(simulation),
    {
      title: 'Stages',
      note: 'people by their stage at the end',
      head: ['stage', 'people'],
      rows: simulation.stages.map(({ stage, count }) => [stage, number(count)]),
      bars: bars(simulation.stages),
    },
    ...simulation.journeys.map(flow),
  ];
}

function restraint(title: string, note: string, rows: Simulation['held']): Section {
  return {
    title,
    note,
    head: ['journey', 'channel', 'reason', 'messages'],
    rows: rows.map(({ journey, channel, reason, count }) => [journey, channelLabel(channel), reason, number(count)]),
    bars: bars(rows),
  };
}

function collisions({ collisions: rows }: Simulation): Section {
  return {
    title: 'Cap collisions',
    note: 'messages that a cap kept from a channel, and the journeys that had used up the cap',
    head: ['journey', 'channel', 'cap', 'won by', 'instead', 'messages'],
    rows: rows.map(({ journey, channel, cap, winners, instead, count }) => [
      journey,
      channelLabel(channel),
      cap.replace(/^capped: /, ''),
      winners.join(', '),
      instead === null ? 'not sent' : channelLabel(instead),
      number(count),
    ]),
    bars: bars(rows),
  };
}

/** Bars for counts. The longest is the highest count. */
function bars(rows: readonly { readonly count: number }[]): NonNullable<Section['bars']> {
  const most = Math.max(1, ...rows.map(({ count }) => count));
  return { kind: 'part', of: rows.map(({ count }) => ({ value: count / most })) };
}
