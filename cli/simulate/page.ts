import { escapeHtml, htmlPage } from '../../api/html';
import type { Simulation } from '../../engine/simulate/simulation';
import { CHART_STYLE, chartHtml, type Chart } from './charts';
import { headline, sections } from './sections';
import { isNumeric, number, type Section } from './section';

const STYLE = `
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { padding: 0.15rem 0.75rem 0.15rem 0; text-align: left; vertical-align: top; }
th { border-bottom: 1px solid; white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
${CHART_STYLE}`;

/** Renders the report as a self-contained HTML page: charts, and all numbers as tables. The page loads no other resources. */
export function simulationPage(simulation: Simulation): string {
  const body = [
    '<h1>Simulation</h1>',
    `<p>${escapeHtml(headline(simulation))}</p>`,
    ...sections(simulation).map(sectionHtml),
  ];
  return htmlPage({ title: 'Simulation', body: body.join('\n'), style: STYLE, wide: true });
}

function sectionHtml({ title, note, head, rows, charts = [] }: Section): string {
  const heading = `<h2>${escapeHtml(title)}</h2>\n<p>${escapeHtml(note)}.</p>`;
  if (rows.length === 0) return `${heading}\n<p>None.</p>`;
  return [heading, ...charts.flatMap((chart) => [chartHtml(chart), numbersOf(chart)]), table(head, rows)].join('\n');
}

/** The numbers of a chart as a table. */
function numbersOf({ labels, series }: Chart): string {
  const rows = labels.map((label, index) => [label, ...series.map(({ values }) => number(values[index] ?? 0))]);
  const head = ['', ...series.map(({ name }) => name)];
  return `<details><summary>The numbers</summary>\n${table(head, rows)}\n</details>`;
}

function table(head: Section['head'], rows: Section['rows']): string {
  const cells = (row: readonly string[], tag: 'th' | 'td'): string =>
    row
      .map((cell, column) => `<${tag}${isNumeric(rows, column) ? ' class="number"' : ''}>${escapeHtml(cell)}</${tag}>`)
      .join('');
  const lines = rows.map((row) => `<tr>${cells(row, 'td')}</tr>`);
  return [`<table>\n<thead><tr>${cells(head, 'th')}</tr></thead>\n<tbody>`, ...lines, '</tbody>\n</table>'].join('\n');
}
