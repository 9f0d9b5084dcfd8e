import { escapeHtml, htmlPage } from '../../api/html';
import type { ChannelReport, Simulation } from '../../engine/simulate/simulation';
import { CHART_STYLE, columnChart, type Chart } from './charts';
import { CHANNEL_LABELS, headline, isNumeric, sections, type Section } from './sections';

const DAY_MS = 86_400_000;
const STYLE = `
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { padding: 0.15rem 0.75rem 0.15rem 0; text-align: left; vertical-align: top; }
th { border-bottom: 1px solid; white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
figure { margin: 1.5rem 0; }
${CHART_STYLE}`;

/** The report as a page of its own: charts, and every number as a table. It asks for nothing from elsewhere. */
export function simulationPage(simulation: Simulation): string {
  const body = [
    `<style>${STYLE}</style>`,
    `<h1>Simulation</h1>`,
    `<p>${escapeHtml(headline(simulation))}</p>`,
    ...charts(simulation).map(columnChart),
    ...sections(simulation).map(sectionHtml),
  ];
  return htmlPage('Simulation', body.join('\n'));
}

function charts({ begin, channels, weeks, journeys }: Simulation): Chart[] {
  const used = channels.filter(({ sent }) => sent > 0);
  const ofEach = (values: (channel: ChannelReport) => readonly number[]): Chart['series'] =>
    used.map((channel) => ({ name: CHANNEL_LABELS[channel.channel], values: values(channel) }));
  const days = channels[0]?.perDay ?? [];
  return [
    {
      title: 'Messages a day',
      labels: days.map((_, day) => new Date(Date.parse(begin) + day * DAY_MS).toISOString().slice(0, 10)),
      series: ofEach(({ perDay }) => perDay),
    },
    ...used.map(({ channel, perHour }) => ({
      title: `Messages in the busiest hour, by hour of the day (UTC): ${CHANNEL_LABELS[channel]}`,
      labels: perHour.map((_, hour) => `${hour}:00`),
      series: [{ name: 'messages', values: perHour.map(({ most }) => most) }],
    })),
    {
      title: 'Weeks of people, by the messages they got',
      labels: weeks.map(({ messages }) => String(messages)),
      series: [{ name: 'weeks', values: weeks.map(({ count }) => count) }],
    },
    ...journeys.map(({ journey, entered, steps }) => ({
      title: `Entries of ${journey} that reached each step`,
      labels: ['entered', ...steps.map(({ step }) => step)],
      series: [{ name: 'entries', values: [entered, ...steps.map(({ reached }) => reached)] }],
    })),
  ];
}

function sectionHtml({ title, note, head, rows }: Section): string {
  const heading = `<h2>${escapeHtml(title)}</h2>\n<p>${escapeHtml(note)}</p>`;
  if (rows.length === 0) return `${heading}\n<p>None.</p>`;
  const cells = (row: readonly string[], tag: 'th' | 'td'): string =>
    row
      .map((cell, column) => `<${tag}${isNumeric(rows, column) ? ' class="number"' : ''}>${escapeHtml(cell)}</${tag}>`)
      .join('');
  const lines = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`).join('\n');
  return `${heading}\n<table>\n<thead><tr>${cells(head, 'th')}</tr></thead>\n<tbody>\n${lines}\n</tbody>\n</table>`;
}
