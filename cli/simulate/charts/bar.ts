/** A bar that begins at 0, or an interval around it. All numbers are parts of the whole width, from 0 to 1. */
export interface Bar {
  readonly value: number;
  readonly low?: number;
  readonly high?: number;
  /** The value of another version, drawn as a mark in the colour of a comparison. */
  readonly before?: number | undefined;
}

/** CSS of the bars. It uses the colours of the page. */
export const BAR_STYLE = `
td.bar{inline-size:30%;min-inline-size:120px}
.bar svg{display:block;width:100%;height:16px;overflow:visible}
.bar .part{fill:var(--sojourn-accent)}
.bar .whole{fill:var(--sojourn-hairline)}
.bar .range{stroke:var(--sojourn-text);stroke-width:1.5}
.bar .gap{stroke:var(--sojourn-bg);stroke-width:5}
.bar .before{stroke:var(--sojourn-muted);stroke-width:2}
.bar .zero{stroke:var(--sojourn-border)}
.bar .point{fill:var(--sojourn-accent)}`;

/** Draws a bar from 0, with its interval. It is as wide as its cell, and its numbers stand beside it. */
export function barSvg({ value, low, high, before }: Bar): string {
  return svg(
    `<rect class="whole" y="7" width="100%" height="2"/><rect class="part" y="3" width="${percent(value)}" height="10" rx="2"/>` +
      (before === undefined
        ? ''
        : `<line class="before" x1="${percent(before)}" x2="${percent(before)}" y1="0" y2="16"/>`) +
      (low === undefined || high === undefined ? '' : range(low, high)),
  );
}

/** Draws a difference as a point with its interval, on both sides of 0. The whole width is `-1` to `1`. */
export function differenceSvg({ value, low = value, high = value }: Bar): string {
  const [at, from, to] = [value, low, high].map((part) => (part + 1) / 2) as [number, number, number];
  return svg(
    `<line class="zero" x1="50%" x2="50%" y1="0" y2="16"/>${range(from, to)}<circle class="point" cx="${percent(at)}" cy="8" r="4"/>`,
  );
}

function svg(content: string): string {
  return `<svg aria-hidden="true" focusable="false">${content}</svg>`;
}

function range(low: number, high: number): string {
  const [from, to] = [percent(low), percent(high)];
  const end = (x: string): string => `<line class="range" x1="${x}" x2="${x}" y1="4" y2="12"/>`;
  const line = (style: string): string => `<line class="${style}" x1="${from}" x2="${to}" y1="8" y2="8"/>`;
  return `${line('gap')}${line('range')}${end(from)}${end(to)}`;
}

function percent(part: number): string {
  return `${Math.round(Math.min(1, Math.max(0, part)) * 1_000) / 10}%`;
}
