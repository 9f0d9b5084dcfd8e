import type { ChannelReport } from '../../engine/simulate/channel-report';
import type { Simulation } from '../../engine/simulate/simulation';
import { funnel, goals, journeys } from './journey-sections';
import { CHANNEL_LABELS, number, percent, type Section } from './section';

const DAY_MS = 86_400_000;

/** Summarizes the simulation in one sentence. */
export function headline({ people, from, days, begin, seed, sent }: Simulation): string {
  const who = from === 'population' ? 'people' : 'people sampled from stored histories';
  return (
    `${number(people)} ${who}, ${days} days from ${begin.slice(0, 10)}, seed ${seed}: ` +
    `${number(sent)} messages, ${number(sent / people)} per person`
  );
}

/** Returns the report as tables, for the terminal and the HTML page. A section without data has no rows. */
export function sections(simulation: Simulation): Section[] {
  return [
    messages(simulation),
    load(simulation),
    weeks(simulation),
    restraint('Held', 'messages that were held, by reason; a message may be held more than once', simulation.held),
    restraint('Not sent', 'messages that were not sent, by reason', simulation.suppressed),
    collisions(simulation),
    journeys(simulation),
    goals(simulation),
    ...simulation.journeys.map(funnel),
    {
      title: 'Stages',
      note: 'people by their stage at the end',
      head: ['stage', 'people'],
      rows: simulation.stages.map(({ stage, count }) => [stage, number(count)]),
    },
  ];
}

function messages({ channels, days, begin, from }: Simulation): Section {
  const rate = (part: number, sent: number): string => (from === 'lives' ? '–' : percent(part, sent));
  const dates = Array.from({ length: days }, (_, day) => new Date(Date.parse(begin) + day * DAY_MS).toISOString());
  return {
    title: 'Messages',
    note:
      'sent = handed to the provider. No simulated message bounces, so delivered = sent; open = opened / delivered, click = clicked / delivered, ' +
      'opt-out = unsubscribed / delivered. In-app messages are opened at the next visit. Sampled histories have no reactions to messages, so their rates are unknown',
    head: ['channel', 'sent', 'per day', 'busiest day', 'open', 'click', 'opt-out'],
    rows: channels.map(({ channel, sent, perDay, opened, clicked, optedOut }) => [
      CHANNEL_LABELS[channel],
      number(sent),
      number(sent / days),
      number(Math.max(0, ...perDay)),
      rate(opened, sent),
      rate(clicked, sent),
      rate(optedOut, sent),
    ]),
    charts: [
      {
        kind: 'columns',
        title: 'Messages per day (UTC)',
        labels: dates.map((date) => date.slice(5, 10)),
        series: channels.map(({ channel, perDay }) => ({ name: CHANNEL_LABELS[channel], values: perDay })),
      },
    ],
  };
}

function load({ channels, days }: Simulation): Section {
  const used = channels.flatMap(({ peak, ...channel }) => (peak ? [{ ...channel, peak }] : []));
  return {
    title: 'Load of the providers',
    note: 'messages per hour: the average of all hours, the average of the busiest hour of the day (UTC), and the most in a single hour',
    head: ['channel', 'average', 'peak hour of the day', 'average at peak', 'most in one hour', 'busiest hour'],
    rows: used.map(({ channel, sent, perHour, peak }) => {
      const most = Math.max(...perHour.map(({ mean }) => mean));
      const hour = perHour.findIndex(({ mean }) => mean === most);
      const when = peak.at.slice(0, 16).replace('T', ' ');
      return [
        CHANNEL_LABELS[channel],
        number(sent / days / 24),
        `${hour}:00`,
        number(most),
        number(peak.messages),
        when,
      ];
    }),
    charts: used.map(({ channel, perHour }: Pick<ChannelReport, 'channel' | 'perHour'>) => ({
      kind: 'columns',
      title: `Messages in the busiest hour, by hour of the day (UTC): ${CHANNEL_LABELS[channel]}`,
      labels: perHour.map((_, hour) => `${hour}:00`),
      series: [{ name: 'messages', values: perHour.map(({ most }) => most) }],
    })),
  };
}

function weeks({ weeks: counted }: Simulation): Section {
  const all = counted.reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(0, ...counted.map(({ messages: got }) => got));
  const scale = Array.from({ length: most + 1 }, (_, got) => got);
  return {
    title: 'Messages per person and week',
    note: 'weeks by the number of messages a person got in them, including transactional ones; the weeks of a person start at their arrival, and only full weeks count',
    head: ['messages', 'weeks', 'share'],
    rows: counted.map(({ messages: got, count }) => [String(got), number(count), percent(count, all)]),
    charts: [
      {
        kind: 'columns',
        title: 'Weeks by messages per person',
        labels: scale.map(String),
        series: [
          { name: 'weeks', values: scale.map((got) => counted.find((row) => row.messages === got)?.count ?? 0) },
        ],
      },
    ],
  };
}

function restraint(title: string, note: string, rows: Simulation['held']): Section {
  return {
    title,
    note,
    head: ['journey', 'channel', 'reason', 'messages'],
    rows: rows.map(({ journey, channel, reason, count }) => [journey, CHANNEL_LABELS[channel], reason, number(count)]),
  };
}

function collisions({ collisions: rows }: Simulation): Section {
  return {
    title: 'Cap collisions',
    note: 'messages that a cap kept from a channel, and the journeys that had used up the cap',
    head: ['journey', 'channel', 'cap', 'won by', 'instead', 'messages'],
    rows: rows.map(({ journey, channel, cap, winners, instead, count }) => [
      journey,
      CHANNEL_LABELS[channel],
      cap.replace(/^capped: /, ''),
      winners.join(', '),
      instead === null ? 'not sent' : CHANNEL_LABELS[instead],
      number(count),
    ]),
  };
}
