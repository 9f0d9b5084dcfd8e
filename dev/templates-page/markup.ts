import { escapeHtml } from '../../api/html';

/** What is known of something, as a list of names and values. What has no value is left out. */
export function facts(known: Readonly<Record<string, unknown>>): string {
  const rows = Object.entries(known).filter(([, value]) => value !== undefined && value !== null);
  if (rows.length === 0) return '';
  return `<dl>${rows.map(([name, value]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(written(value))}</dd>`).join('')}</dl>`;
}

/** Lines of a person's text, as they were written. */
export function text(value: string | undefined, name = 'p'): string {
  return value === undefined ? '' : `<${name} class="text">${escapeHtml(value)}</${name}>`;
}

/** A picture of an address that a browser can load from here. The path of an app's own picture means nothing on this page. */
export function picture(url: string | undefined, alt: string): string {
  return url !== undefined && /^https?:/i.test(url) ? `<img src="${escapeHtml(url)}" alt="${escapeHtml(alt)}">` : '';
}

/** What looks like buttons: nobody can press them here. */
export function buttons(labels: readonly (string | undefined)[]): string {
  const shown = labels.flatMap((label) => (label === undefined ? [] : `<li>${escapeHtml(label)}</li>`));
  return shown.length === 0 ? '' : `<ul class="buttons">${shown.join('')}</ul>`;
}

/** JSON that is read by machines. */
export function json(value: unknown, label: string): string {
  return `<pre tabindex="0" role="region" aria-label="${escapeHtml(label)}">${escapeHtml(JSON.stringify(value, null, 2))}</pre>`;
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
