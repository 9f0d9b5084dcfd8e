import type { ChannelReport } from '../../engine/simulate/channel-report';
import type { Simulation } from '../../engine/simulate/simulation';
import type { Received } from '../../engine/simulate/spread';
import type { Panel } from './charts/panel';
import { channelLabel } from '../../engine/model/channels';
import { count, number, percent } from './format';
import type { Section } from './section';

const DAY_MS = 86_400_000;
/** Of more columns than these, several become one. */
const MOST_COLUMNS = 40;

/** Shows the messages of each channel, by day, and how people react to them. */
export function messages({ channels, days, begin, from }: Simulation, before?: Simulation): Section {
  const rate = (part: number, sent: number): string => (from === 'lives' ? '–' : percent(part, sent));
  return {
    title: 'Messages',
    note:
      'sent = handed to the provider. bounce = came back for good / sent, as the population says; all others are delivered; open = opened / delivered, click = clicked / delivered, ' +
      'opt-out = unsubscribed / delivered. In-app messages are opened at the next visit. ' +
      (from === 'lives'
        ? 'Sampled histories have no reactions to messages, so their rates are unknown'
        : `Providers are assumed to report ${channels.map(reported).join('; ')}. What people do with in-app messages are events of their own`),
    head: ['channel', 'sent', 'per day', 'busiest day', 'bounce', 'open', 'click', 'opt-out'],
    rows: channels.map(({ channel, sent, perDay, bounced, opened, clicked, optedOut }) => [
      channelLabel(channel),
      number(sent),
      number(sent / days),
      number(Math.max(0, ...perDay)),
      rate(bounced, sent),
      rate(opened, sent - bounced),
      rate(clicked, sent - bounced),
      rate(optedOut, sent - bounced),
    ]),
    panels: {
      title: 'Messages sent each day (UTC)',
      sameScale: true,
      panels: channels.map(({ channel, sent, perDay }) => {
        const old = of(channel, before);
        return {
          title: `${channelLabel(channel)}: ${number(sent)} in all${was(old?.sent)}`,
          per: 'day',
          labels: perDay.map((_, day) => shortDate(Date.parse(begin) + day * DAY_MS)),
          values: perDay,
          before: old?.perDay,
        };
      }),
    },
  };
}

/** What is assumed that the provider of a channel reports to journeys. */
function reported({ channel, reports }: ChannelReport): string {
  return `of ${channelLabel(channel)}: ${reports.join(', ') || 'nothing'}`;
}

/** Shows how many messages each provider has to take in an hour. */
export function load({ channels, days }: Simulation, before?: Simulation): Section {
  const used = channels.flatMap(({ peak, ...channel }) => (peak ? [{ ...channel, peak }] : []));
  return {
    title: 'Load of the providers',
    note: 'messages per hour: the average of all hours, the average of the busiest hour of the day (UTC), and the most in a single hour',
    head: ['channel', 'average', 'peak hour of the day', 'average at peak', 'most in one hour', 'busiest hour'],
    rows: used.map(({ channel, sent, perHour, peak }) => {
      const most = Math.max(...perHour.map(({ mean }) => mean));
      const hour = perHour.findIndex(({ mean }) => mean === most);
      const when = peak.at.slice(0, 16).replace('T', ' ');
      return [channelLabel(channel), number(sent / days / 24), `${hour}:00`, number(most), number(peak.messages), when];
    }),
    panels: {
      title: 'The most messages in one hour, by hour of the day (UTC)',
      sameScale: true,
      every: 6,
      panels: used.map(({ channel, perHour, peak }) => ({
        title: `${channelLabel(channel)}: at most ${number(peak.messages)}${was(of(channel, before)?.peak?.messages)}`,
        per: 'hour',
        labels: perHour.map((_, hour) => `${hour}:00`),
        values: perHour.map(({ most }) => most),
        before: of(channel, before)?.perHour.map(({ most }) => most),
      })),
    },
  };
}

/** Shows how messages are spread over people. */
export function people({ weeks, received, days }: Simulation, before?: Simulation): Section {
  const all = total(weeks);
  return {
    title: 'Messages per person and week',
    note: 'weeks by the number of messages a person got in them, including transactional ones; the weeks of a person start at their arrival, and only full weeks count',
    head: ['messages', 'weeks', 'share'],
    rows: weeks.map(({ messages: got, count: those }) => [String(got), number(those), percent(those, all)]),
    folded: true,
    panels: {
      title: 'How many people get how many messages',
      sameScale: false,
      panels: [
        histogram(received, before?.received, {
          title: `${count(total(received), 'person', 'people')} by messages in ${days} days`,
          per: 'number of messages',
        }),
        histogram(weeks, before?.weeks, {
          title: `${count(all, 'whole week')} of them by messages in the week`,
          per: 'number of messages',
        }),
      ],
    },
  };
}

function histogram(
  rows: readonly Received[],
  before: readonly Received[] | undefined,
  { title, per }: Pick<Panel, 'title' | 'per'>,
): Panel {
  const most = Math.max(0, ...[...rows, ...(before ?? [])].map(({ messages: got }) => got));
  const width = Math.ceil((most + 1) / MOST_COLUMNS);
  const bins = Array.from({ length: Math.ceil((most + 1) / width) }, (_, bin) => bin * width);
  const within = (counted: readonly Received[]): number[] =>
    bins.map((first) => total(counted.filter(({ messages: got }) => got >= first && got < first + width)));
  return {
    title,
    per,
    labels: bins.map((first) => (width === 1 ? String(first) : `${first}–${first + width - 1}`)),
    values: within(rows),
    before: before && within(before),
  };
}

function of(channel: ChannelReport['channel'], simulation: Simulation | undefined): ChannelReport | undefined {
  return simulation?.channels.find((one) => one.channel === channel);
}

function was(value: number | undefined): string {
  return value === undefined ? '' : ` (before ${number(value)}, the grey line)`;
}

function total(rows: readonly { readonly count: number }[]): number {
  return rows.reduce((sum, row) => sum + row.count, 0);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function shortDate(at: number): string {
  const date = new Date(at);
  return `${MONTHS[date.getUTCMonth()] ?? ''} ${date.getUTCDate()}`;
}
