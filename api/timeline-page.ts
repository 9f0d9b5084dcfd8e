import type { Json } from '../engine/model/json';
import type { RunSummary, UserProfile } from '../store/users';
import type { TimelineEntry } from '../store/timeline';
import { isoTime } from './fields';
import { escapeHtml } from './html';
import { pageReply } from './page-reply';
import type { Reply } from './route';
import { entryResponse } from './routes/timeline';
import { wordsFor } from './timeline-words';

/** A page of a user's timeline, newest entries first. */
export interface TimelinePage {
  readonly user: UserProfile;
  readonly entries: readonly TimelineEntry[];
  /** Whether these are the newest entries. */
  readonly isFirst: boolean;
  /** The cursor of the page with older entries; null on the last page. */
  readonly older: string | null;
}

const STYLE = `
.top{display:flex;flex-wrap:wrap;gap:8px 24px;align-items:start;justify-content:space-between}
dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 16px}
dt{color:var(--sojourn-muted)}
dd{margin:0}
ol.entries{margin:0 0 24px;padding:0;list-style:none}
ol.entries>li{display:grid;grid-template-columns:68px 116px minmax(0,1fr);gap:0 16px;max-inline-size:none;margin:0;padding-block:12px;border-block-end:1px solid var(--sojourn-hairline)}
ol.entries time,.kind{color:var(--sojourn-muted);font-size:14px;line-height:23px}
ol.entries p{margin:0}
ol.entries details{margin:4px 0 0;font-size:14px}
ol.entries summary{padding-block:2px;color:var(--sojourn-muted)}
ol.entries pre{margin:4px 0 8px}
.when{white-space:nowrap}
.kind.good{color:var(--sojourn-good)}
.kind.warn{color:var(--sojourn-warn)}
.kind.bad{color:var(--sojourn-bad)}
.pages{display:flex;gap:12px}
@media (max-width:600px){ol.entries>li{grid-template-columns:68px minmax(0,1fr)}ol.entries>li>div{grid-column:1/-1}}`;

/** Answers with the timeline of a user, for people. */
export function timelineReply({ user, entries, isFirst, older }: TimelinePage): Reply<string> {
  const days = new Map<string, TimelineEntry[]>();
  for (const entry of entries) {
    const day = isoTime(entry.at).slice(0, DAY);
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  const sections = [...days].map(
    ([day, those]) => `<h3>${day}</h3>\n<ol class="entries">\n${those.map((entry) => item(entry)).join('\n')}\n</ol>`,
  );
  const body = `<div class="top"><h1>Timeline of ${escapeHtml(user.id)}</h1>
<form method="post" action="../../sign-out"><button>Sign out</button></form></div>
${summary(user)}
<h2>What happened, newest first</h2>
<p class="muted small">All times are UTC, on the journey clock.</p>
${sections.length === 0 ? '<p>Nothing has happened yet.</p>' : sections.join('\n')}
${pages(isFirst, older)}`;
  return pageReply(200, { title: `Timeline of ${user.id}`, body, style: STYLE });
}

/** The lengths of a date, and of a date with hours and minutes, in ISO 8601. */
const DAY = 10;
const MINUTE = 16;

function summary({ stage, createdAt, lastSeenAt, wakeAt, previousIds, runs }: UserProfile): string {
  const facts: [string, string][] = [
    ['Stage', stage === '' ? 'none yet' : stage],
    ['First seen', minute(createdAt)],
    ['Last seen', minute(lastSeenAt)],
    ['Next decision', wakeAt === null ? 'at the next event' : `${minute(wakeAt)} at the latest`],
    ...(previousIds.length === 0 ? [] : [['Earlier ids', previousIds.join(', ')] satisfies [string, string]]),
  ];
  const list = facts.map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`).join('\n');
  const open = runs.filter(({ status }) => status === 'active' || status === 'failed');
  return `<dl>\n${list}\n</dl>\n<h2>Journeys now</h2>\n${open.length === 0 ? '<p>In no journey.</p>' : table(open)}`;
}

function table(runs: readonly RunSummary[]): string {
  const rows = runs.map((run) => {
    const cells = [run.key === null ? run.journey : `${run.journey} (${run.key})`, run.step ?? '', waitOf(run)];
    return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}<td class="when">${minute(run.enteredAt)}</td></tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="Journeys now"><table>
<thead><tr><th>Journey</th><th>Step</th><th>Until</th><th>Entered</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>`;
}

function waitOf({ status, until, failedCall }: RunSummary): string {
  if (status === 'failed') return 'parked by an error';
  if (failedCall && failedCall.nextAt !== null) return `next attempt ${minute(failedCall.nextAt)}`;
  return until === null ? 'no limit' : minute(until);
}

function item(entry: TimelineEntry): string {
  const { times, details, at } = entryResponse(entry);
  const { kind: name, colour, title, note } = wordsFor(entry);
  const { asked, ...rest } = details;
  const more = JSON.stringify({ ...rest, ...times }, null, 2);
  return `<li><time datetime="${at}">${at.slice(DAY + 1, -1).slice(0, CLOCK)}</time>
<span class="kind ${colour}">${name}</span>
<div><p><strong>${escapeHtml(title)}</strong>${note === '' ? '' : ` <span class="muted">${escapeHtml(note)}</span>`}</p>
${rulesAsked(asked)}<details><summary>Details</summary><pre tabindex="0">${escapeHtml(more)}</pre></details></div></li>`;
}

/** The rules of the policy that were asked about a message. */
function rulesAsked(asked: Json | undefined): string {
  if (!Array.isArray(asked)) return '';
  const rows = asked.map((one) => {
    const { channel, rule, says, fact } = one as Readonly<Record<string, string>>;
    return `<tr>${[channel, rule, says, fact].map((cell) => `<td>${escapeHtml(cell ?? '')}</td>`).join('')}</tr>`;
  });
  return `<details><summary>Rules asked</summary><div class="scroll" tabindex="0" role="region" aria-label="Rules asked"><table>
<thead><tr><th>Channel</th><th>Rule</th><th>Says</th><th>Because</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div></details>
`;
}

/** The length of hours, minutes and seconds. */
const CLOCK = 8;

function minute(ms: number): string {
  return isoTime(ms).slice(0, MINUTE).replace('T', ' ');
}

function pages(isFirst: boolean, older: string | null): string {
  const links = [
    ...(isFirst ? [] : ['<a class="button" href="timeline">Newest</a>']),
    ...(older === null ? [] : [`<a class="button" href="timeline?cursor=${encodeURIComponent(older)}">Older</a>`]),
  ];
  return links.length === 0 ? '' : `<nav class="pages" aria-label="Pages">${links.join('')}</nav>`;
}
