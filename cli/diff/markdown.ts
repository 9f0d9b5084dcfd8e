import type { Backtest } from '../../engine/compare/backtest';
import type { Difference } from '../../engine/compare/difference';
import type { InFlightRow, InFlightSummary } from '../../engine/preview/in-flight';
import { channelLabel } from '../../engine/model/channels';
import type { Tallied } from '../../engine/testing/tally';
import type { DiffReport } from './report';

/** Formats the report as Markdown, for a pull request. */
export function markdown({ changed, policy, inFlight, backtest, since, until }: DiffReport): string {
  return [
    '## What this edit changes',
    changed.length === 0 ? 'No journey changed.' : `Changed journeys: ${changed.join(', ')}.`,
    ...(policy.length > 0 ? [`The policy changed:\n\n${policy.map((line) => `- \`${line}\``).join('\n')}`] : []),
    ...(inFlight ? inFlightSection(inFlight) : []),
    ...backtestSection(backtest, since, until),
  ].join('\n\n');
}

function inFlightSection({ people, totals, rows, byHour, partial }: InFlightSummary): string[] {
  const eventful = rows.filter(({ change, why }) => change !== 'stays' || why !== '');
  const runs = totals.stays + totals.moves + totals.ends + totals.parked;
  return [
    '### Runs in progress, after the deployment',
    `${runs} runs of ${people} people: ${totals.stays} stay in their step, ${totals.moves} move on, ${totals.ends} end, ` +
      `${totals.parked} are parked by an error. **${totals.released} messages are released.**` +
      (partial ? ' The time limit was reached before all people were checked.' : ''),
    ...(eventful.length > 0
      ? [table(['journey', 'change', 'step', 'to', 'why', 'runs', 'for example'], eventful.map(inFlightCells))]
      : []),
    ...(byHour.length > 0
      ? [
          table(
            ['hour (UTC)', 'messages'],
            byHour.map(({ hour, count }) => [hourOf(hour), String(count)]),
          ),
        ]
      : []),
  ];
}

function inFlightCells({ journey, change, step, to, why, count, samples }: Tallied<InFlightRow>): string[] {
  return [journey, change, step ?? '', to ?? '', why, String(count), samples.join(', ')];
}

function backtestSection({ people, differing, sent, rows }: Backtest, since: string, until: string): string[] {
  const result = differing === 0 ? 'The result is the same for all of them.' : `The result differs for ${differing}.`;
  return [
    '### The past, replayed',
    `${people} people had events between ${since} and ${until}. ${result}`,
    ...(differing > 0
      ? [
          sent
            .filter(({ before, after }) => before !== after)
            .map(
              ({ journey, channel, before, after }) =>
                `- **${signed(after - before)} ${channelLabel(channel)}** of ${journey} (${before} → ${after})`,
            )
            .join('\n'),
          table(['journey', 'change', 'step', 'channel', 'before → after', 'times', 'for example'], rows.map(cells)),
        ].filter((part) => part !== '')
      : []),
  ];
}

function cells({ journey, kind, step, channel, why, count, samples }: Tallied<Difference>): string[] {
  return [journey, kind, step ?? '', channel ? channelLabel(channel) : '', why, String(count), samples.join(', ')];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (row: readonly string[]): string => `| ${row.map(escaped).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function signed(count: number): string {
  return count > 0 ? `+${count}` : `−${-count}`;
}

function hourOf(hour: number): string {
  return new Date(hour).toISOString().slice(0, 16).replace('T', ' ');
}
