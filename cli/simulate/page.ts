import { escapeHtml, htmlPage } from '../../api/html';
import type { Definitions } from '../../engine/definitions/definitions';
import type { Comparison } from '../../engine/simulate/comparison';
import type { Simulation } from '../../engine/simulate/simulation';
import { BAR_STYLE } from './charts/bar';
import { PANEL_STYLE } from './charts/panel';
import { concerns } from './concerns';
import { differencesSection, differencesTitle } from './differences';
import { findings } from './findings';
import { diagram, type DrawnJourney } from './flow/diagram';
import { FLOW_STYLE } from './flow/svg';
import { headline, sections } from './sections';
import { flowTitle } from './format';
import type { Section } from './section';
import { idOf, sectionHtml, type SectionDiagram } from './section-html';

const STYLE = `
main>nav ul{display:flex;flex-wrap:wrap;gap:4px 16px;padding:0;list-style:none}
main>nav li{margin:0}
.findings{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(260px,100%),1fr));gap:24px 32px;margin-block:24px}
.findings div{border-block-start:1px solid var(--sojourn-hairline);padding-block-start:12px}
.findings dt{color:var(--sojourn-muted);font-size:13px}
.findings dd{margin:0;font-size:14px}
.findings .figure{font-size:28px;font-weight:600;line-height:1.2;margin-block:4px}
main>section,main>section+h2{margin-block-start:48px}
p.note::first-letter{text-transform:uppercase}
.was{color:var(--sojourn-muted);font-size:14px;font-weight:400}
td:first-child{min-inline-size:8em}
.wrong li::marker{color:var(--sojourn-warn)}
.diagrams{display:flex;flex-wrap:wrap;gap:24px}
.diagrams figure{margin:0;max-width:100%}
.flows{columns:2 520px;column-gap:48px}
.flows section{break-inside:avoid;margin:0 0 48px}
.flows h3{margin-block-start:0}
.flows .spanning{column-span:all}
.diagrams figcaption{font-size:13px}
${PANEL_STYLE}${BAR_STYLE}${FLOW_STYLE}`;

/** The journeys of a simulation, to draw them. */
type Drawn = Pick<Definitions, 'journeys' | 'outlines'>;

/** The widest diagram that fits in one of two columns, in pixels. */
const COLUMN = 560;

/** Renders the report as a self-contained HTML page: what one wants to know, charts, and all numbers as tables. The page loads nothing. */
export async function simulationPage(simulation: Simulation, definitions: Drawn): Promise<string> {
  const drawn = await drawnOf(simulation, definitions);
  const diagrams = new Map(
    [...drawn].map(([journey, { svg, width }]) => [
      journey,
      { html: figure(journey, svg, null), isWide: width > COLUMN },
    ]),
  );
  return page({ simulation, lead: '', shown: sections(simulation), diagrams });
}

/**
 * Renders a comparison in the same way: what differs comes first, charts show both versions, and a journey that differs is drawn twice.
 * @param name the version before the edit
 */
export async function comparisonPage(
  comparison: Comparison,
  name: string,
  definitions: { readonly before: Drawn; readonly after: Drawn },
): Promise<string> {
  const { before, after, differing } = comparison;
  const old = await drawnOf(before, definitions.before);
  const diagrams = new Map<string, SectionDiagram>();
  for (const [journey, { svg, width }] of await drawnOf(after, definitions.after)) {
    const was = old.get(journey);
    const differs = was !== undefined && was.svg !== svg;
    const html = differs ? figure(journey, svg, 'now') + figure(journey, was.svg, name) : figure(journey, svg, null);
    diagrams.set(journey, { html, isWide: differs || width > COLUMN });
  }
  return page({
    simulation: after,
    before,
    lead: `<p class="notice">${escapeHtml(differencesTitle(comparison, name))}</p>`,
    shown: [...(differing === 0 ? [] : [differencesSection(comparison, name)]), ...sections(after, before)],
    diagrams,
  });
}

/** The diagrams of all journeys, by id. */
async function drawnOf({ journeys }: Simulation, definitions: Drawn): Promise<ReadonlyMap<string, DrawnJourney>> {
  const drawn = new Map<string, DrawnJourney>();
  for (const report of journeys) {
    const one = await diagram(report, definitions);
    if (one) drawn.set(report.journey, one);
  }
  return drawn;
}

function figure(journey: string, svg: string, version: string | null): string {
  const label = version === null ? flowTitle(journey) : `${flowTitle(journey)}: ${version}`;
  const caption = version === null ? '' : `<figcaption>${escapeHtml(version)}</figcaption>`;
  return `<figure>${caption}<div class="scroll" tabindex="0" role="region" aria-label="Diagram: ${escapeHtml(label)}">${svg}</div></figure>`;
}

interface Content {
  readonly simulation: Simulation;
  /** The simulation to compare it with. */
  readonly before?: Simulation;
  /** Trusted HTML under the heading. */
  readonly lead: string;
  readonly shown: readonly Section[];
  readonly diagrams: ReadonlyMap<string, SectionDiagram>;
}

function page({ simulation, before, lead, shown, diagrams }: Content): string {
  const diagramOf = ({ journey }: Section): SectionDiagram | undefined =>
    journey === undefined ? undefined : diagrams.get(journey);
  const link = (title: string): string => `<a href="#${idOf(title)}">${escapeHtml(title)}</a>`;
  const was = new Map(before ? findings(before).map(({ id, figure: value }) => [id, value]) : []);
  const found = findings(simulation).map(({ id, title, figure: value, text }) => {
    const old = was.get(id);
    const change = old === undefined || old === value ? '' : ` <span class="was">was ${escapeHtml(old)}</span>`;
    return `<div><dt>${escapeHtml(title)}</dt><dd class="figure">${escapeHtml(value)}${change}</dd><dd>${escapeHtml(text)}</dd></div>`;
  });
  const wrong = concerns(simulation).map(({ text, section }) => `<li>${escapeHtml(text)} ${link(section)}</li>`);
  const body = [
    '<h1>Simulation</h1>',
    `<p class="muted">${escapeHtml(headline(simulation))}</p>`,
    lead,
    `<dl class="findings">${found.join('\n')}</dl>`,
    '<h2>What looks wrong</h2>',
    wrong.length === 0 ? '<p>Nothing.</p>' : `<ul class="wrong">${wrong.join('\n')}</ul>`,
    `<nav aria-label="Contents"><h2>Contents</h2><ul>${shown.map(({ title }) => `<li>${link(title)}</li>`).join('\n')}</ul></nav>`,
    ...shown.filter((section) => !diagramOf(section)).map((section) => sectionHtml(section)),
    '<h2>Flows</h2>',
    `<p class="muted">${FLOW_NOTE}</p>`,
    '<div class="flows">',
    ...shown.filter(diagramOf).map((section) => sectionHtml(section, diagramOf(section))),
    '</div>',
  ];
  return htmlPage({ title: 'Simulation', body: body.join('\n'), style: STYLE, wide: true });
}

const FLOW_NOTE =
  'The numbers on the lines are people. Who went a way more than once counts once. A dashed line is a way that nobody went.';
