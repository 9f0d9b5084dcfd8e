import type { Simulation } from '../../engine/simulate/simulation';
import type { ChannelName } from '../../engine/state';

/** A part of the report: what the numbers are, and the numbers. */
export interface Section {
  readonly title: string;
  /** What is counted how. */
  readonly note: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export const CHANNEL_LABELS: Readonly<Record<ChannelName, string>> = {
  email: 'email',
  webPush: 'web push',
  inApp: 'in-app',
};

/** The report as tables, for the terminal and the page alike. What there is nothing of has no rows. */
export function sections(simulation: Simulation): Section[] {
  return [
    messagesSection(simulation),
    loadSection(simulation),
    weeksSection(simulation),
    restraintSection('Held', 'messages that waited, by why; one may wait more than once', simulation.held),
    restraintSection('Not sent', 'messages that were not sent, by why', simulation.suppressed),
    collisionsSection(simulation),
    journeysSection(simulation),
    goalsSection(simulation),
    ...simulation.journeys.map(funnelSection),
    {
      title: 'Stages',
      note: 'people by the stage they were in at the end',
      head: ['stage', 'people'],
      rows: simulation.stages.map(({ stage, count }) => [stage, number(count)]),
    },
  ];
}

function messagesSection({ channels, days }: Simulation): Section {
  return {
    title: 'Messages',
    note: 'sent = handed to the provider. Nothing bounces here: delivered = sent, and open, click and opt-out are shares of it. In-app messages are opened at the next visit',
    head: ['channel', 'sent', 'a day', 'busiest day', 'open', 'click', 'opt-out'],
    rows: channels.map(({ channel, sent, perDay, opened, clicked, optedOut }) => [
      CHANNEL_LABELS[channel],
      number(sent),
      number(sent / days),
      number(Math.max(0, ...perDay)),
      percent(opened, sent),
      percent(clicked, sent),
      percent(optedOut, sent),
    ]),
  };
}

function loadSection({ channels, days }: Simulation): Section {
  return {
    title: 'Load of the providers',
    note: 'messages an hour, each channel with its provider; the busiest hour of the day on average, and the busiest of all (UTC)',
    head: ['channel', 'on average', 'busiest of the day', 'busiest', 'when'],
    rows: channels.flatMap(({ channel, sent, perHour, peak }) => {
      const usual = Math.max(...perHour.map(({ mean }) => mean));
      const hour = perHour.findIndex(({ mean }) => mean === usual);
      if (!peak) return [];
      const at = peak.at.slice(0, 16).replace('T', ' ');
      return [
        [
          CHANNEL_LABELS[channel],
          number(sent / days / 24),
          `${number(usual)} at ${hour}:00`,
          number(peak.messages),
          at,
        ],
      ];
    }),
  };
}

function weeksSection({ weeks }: Simulation): Section {
  const all = weeks.reduce((sum, { count }) => sum + count, 0);
  return {
    title: 'Messages per person and week',
    note: 'whole weeks of people, each from their own arrival on, by the messages they got in them, transactional ones too',
    head: ['messages', 'weeks', 'share'],
    rows: weeks.map(({ messages, count }) => [String(messages), number(count), percent(count, all)]),
  };
}

function restraintSection(title: string, note: string, rows: Simulation['held']): Section {
  return {
    title,
    note,
    head: ['journey', 'channel', 'why', 'messages'],
    rows: rows.map(({ journey, channel, reason, count }) => [journey, CHANNEL_LABELS[channel], reason, number(count)]),
  };
}

function collisionsSection({ collisions }: Simulation): Section {
  return {
    title: 'Cap collisions',
    note: 'messages a cap kept from a channel, and the journeys whose messages had used it up',
    head: ['journey', 'channel', 'cap', 'won by', 'instead', 'messages'],
    rows: collisions.map(({ journey, channel, cap, winners, instead, count }) => [
      journey,
      CHANNEL_LABELS[channel],
      cap.replace(/^capped: /, ''),
      winners.join(', '),
      instead === null ? 'not sent' : CHANNEL_LABELS[instead],
      number(count),
    ]),
  };
}

function journeysSection({ journeys }: Simulation): Section {
  return {
    title: 'Journeys',
    note: 'entries; one person may enter more than once. Messages that were sent',
    head: ['journey', 'entered', 'messages', 'inside', 'completed', 'exited', 'parked'],
    rows: journeys.map(({ journey, entered, sent, active, completed, exited, failed }) => [
      journey,
      ...[entered, sent, active, completed, exited, failed].map(number),
    ]),
  };
}

function goalsSection({ journeys }: Simulation): Section {
  return {
    title: 'Goals',
    note: 'conversion = entries that reached the goal within its time / entries, once per entry; only entries whose time was over by the end',
    head: ['journey', 'entries', 'reached', 'conversion'],
    rows: journeys.flatMap(({ journey, goal }) =>
      goal ? [[journey, number(goal.watched), number(goal.reached), percent(goal.reached, goal.watched)]] : [],
    ),
  };
}

function funnelSection({ journey, entered, ends, steps }: Simulation['journeys'][number]): Section {
  const outcomesOf = (outcomes: Readonly<Record<string, number>>): string =>
    Object.entries(outcomes)
      .map(([outcome, count]) => `${outcome} ${number(count)}`)
      .join(', ');
  return {
    title: `Funnel of ${journey}`,
    note: 'entries that reached each step, and what it came out as; then how entries ended',
    head: ['step', 'reached', 'of entries', 'came out as'],
    rows: [
      ['entered', number(entered), percent(entered, entered), ''],
      ...steps.map(({ step, reached, outcomes }) => [
        step,
        number(reached),
        percent(reached, entered),
        outcomesOf(outcomes),
      ]),
      ...ends.map(({ became, reason, count }) => [`■ ${became}`, number(count), percent(count, entered), reason]),
    ],
  };
}

/** A count, or a mean to one digit where it is small. */
export function number(value: number): string {
  const digits = Number.isInteger(value) || value >= 100 ? 0 : value < 1 ? 2 : 1;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits, minimumFractionDigits: digits });
}

function percent(part: number, whole: number): string {
  if (whole === 0) return '–';
  const share = (100 * part) / whole;
  return `${share.toFixed(share > 0 && share < 10 ? 1 : 0)} %`;
}

/** Is this a column of numbers, to be set right? */
export function isNumeric(rows: Section['rows'], column: number): boolean {
  return rows.every((row) => /^([\d.,]+( %)?|–)$/.test(row[column] ?? ''));
}

/** What was simulated, in a sentence. */
export function headline({ people, days, begin, seed, sent }: Simulation): string {
  return (
    `${number(people)} people, ${days} days from ${begin.slice(0, 10)}, seed ${seed}: ` +
    `${number(sent)} messages, ${number(sent / people)} a person`
  );
}
