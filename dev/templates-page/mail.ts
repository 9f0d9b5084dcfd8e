import { finishText, plainText } from '../../activities/templates/plain-text';
import type { Theme } from './view';

/**
 * The mail is a document of ours with somebody's markup. It runs no script, sends no form, leads its frame nowhere, and can't reach the
 * page around it. Its origin stays ours so that the page can measure it; links open in a tab of their own.
 */
export const SANDBOX = 'allow-same-origin allow-popups allow-popups-to-escape-sandbox';
export const MAIL_POLICY = `sandbox ${SANDBOX}; default-src 'none'; img-src * data:; font-src *; style-src * 'unsafe-inline'; frame-ancestors 'self'; base-uri 'self'`;

/** Opens links in new tabs. It stands first, so it counts. */
const BASE = '<base target="_blank">';

/** The mail as a person sees it whose device is set to this theme: browsers have no way to set it for a frame. */
export function inTheme(html: string, theme: Theme): string {
  const open = html.replace(/<head[^>]*>/i, (head) => head + BASE);
  if (theme === 'auto') return open;
  return open
    .replace(/\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)/gi, (_query, asked: string) =>
      asked.toLowerCase() === theme ? '(min-width:0)' : '(max-width:0)',
    )
    .replace(
      /(color-scheme"\s+content="|color-scheme\s*:\s*)light dark/gi,
      (_scheme, before: string) => before + theme,
    );
}

/** The hidden text at the beginning of a mail, which mail programs show beside the subject; null when it has none. */
export function previewTextOf(html: string): string | null {
  const [, hidden] = /<body[^>]*>\s*<div style="display:none;[^"]*">([^]*?)<\/div>/i.exec(html) ?? [];
  return hidden === undefined ? null : finishText(plainText(hidden));
}
