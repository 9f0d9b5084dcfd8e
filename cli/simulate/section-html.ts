import { escapeHtml } from '../../api/html';
import { barSvg, differenceSvg } from './charts/bar';
import { panelsHtml, type Panel } from './charts/panel';
import { number } from './format';
import { isNumeric, type Section } from './section';

/** The id of a section, for links to it. */
export function idOf(title: string): string {
  return title.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

/** The diagram of a section, as trusted HTML, and whether it is too wide for a column. */
export interface SectionDiagram {
  readonly html: string;
  readonly isWide: boolean;
}

/** Renders a section: its charts, and its numbers as a table. One with a diagram is a part of a section of diagrams. */
export function sectionHtml(section: Section, diagram?: SectionDiagram): string {
  const { title, note, rows, panels, folded } = section;
  const charts = panels && rows.length > 0 ? panels : null;
  const shown = rows.length === 0 ? '<p>None.</p>' : table(section);
  const numbers = [...(folded && rows.length > 0 ? [shown] : []), ...(charts ? charts.panels.map(panelTable) : [])];
  return [
    `<section id="${idOf(title)}"${diagram?.isWide ? ' class="spanning"' : ''}>`,
    diagram ? `<h3>${escapeHtml(title)}</h3>` : `<h2>${escapeHtml(title)}</h2>`,
    `<p class="muted note">${escapeHtml(note)}.</p>`,
    ...(diagram ? [`<div class="diagrams">${diagram.html}</div>`] : []),
    ...(charts ? [panelsHtml(charts)] : []),
    ...(folded && rows.length > 0 ? [] : [shown]),
    ...(numbers.length > 0 ? [`<details><summary>The numbers</summary>\n${numbers.join('\n')}\n</details>`] : []),
    '</section>',
  ].join('\n');
}

/** The numbers of a chart. */
function panelTable({ title, per, labels, values, before }: Panel): string {
  const rows = labels.map((label, index) => [
    label,
    number(values[index] ?? 0),
    ...(before ? [number(before[index] ?? 0)] : []),
  ]);
  return table({ title, head: [per, title, ...(before ? ['before'] : [])], rows });
}

function table({ title, head, rows, bars }: Pick<Section, 'title' | 'head' | 'rows' | 'bars'>): string {
  const cells = (row: readonly string[]): string =>
    row.map((cell, column) => `<td${classOf(rows, column)}>${escapeHtml(cell)}</td>`).join('');
  const heads = head.map((cell, column) => `<th scope="col"${classOf(rows, column)}>${escapeHtml(cell)}</th>`);
  const draw = bars?.kind === 'difference' ? differenceSvg : barSvg;
  const lines = rows.map((row, index) => {
    const bar = bars?.of[index];
    return `<tr>${cells(row)}${bar ? `<td class="bar">${draw(bar)}</td>` : ''}</tr>`;
  });
  return [
    `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(title)}">`,
    `<table>\n<thead><tr>${heads.join('')}${bars ? '<td></td>' : ''}</tr></thead>\n<tbody>`,
    ...lines,
    '</tbody>\n</table></div>',
  ].join('\n');
}

function classOf(rows: Section['rows'], column: number): string {
  return isNumeric(rows, column) ? ' class="number"' : '';
}
