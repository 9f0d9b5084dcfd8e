import { ICON, SIGN } from '../look/sign';
import { PAGE_STYLE } from './page-style';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes text for HTML content and attribute values. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** A page that the server shows, or that a command writes into a file. */
export interface Page {
  /** What the browser's tab says. Plain text. */
  readonly title: string;
  /** Trusted HTML, with one `<h1>`. It has no `style` attributes: the Content Security Policy forbids them. */
  readonly body: string;
  /** The language of the page, as a tag. Default `en`. */
  readonly language?: string;
  /** Whether the page may be 1,200 pixels wide, as a table needs, instead of 720. */
  readonly wide?: boolean;
  /** CSS that only this page needs. It uses the custom properties of the shared style sheet, `var(--sojourn-…)`. */
  readonly style?: string;
}

/** Languages that are written from right to left. */
const RIGHT_TO_LEFT = /^(ar|arc|ckb|dv|fa|he|ku-arab|nqo|ps|sd|ug|ur|yi)\b/i;

/**
 * Renders a page in the look of Sojourn: light or dark, as wide as a phone or a desk allows, and whole in one file: it loads nothing
 * and runs nothing. `pageReply` sends it with the Content Security Policy that says so.
 */
export function htmlPage({ title, body, language = 'en', wide = false, style = '' }: Page): string {
  const direction = RIGHT_TO_LEFT.test(language) ? ' dir="rtl"' : '';
  return `<!doctype html>
<html lang="${escapeHtml(language)}"${direction}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="${ICON}">
<style>${styleOf({ style })}</style>
</head>
<body${wide ? ' class="wide"' : ''}>
<header>${SIGN}Sojourn</header>
<main>
${body}
</main>
</body>
</html>
`;
}

/** The content of the one `<style>` element of a page. */
export function styleOf({ style = '' }: Pick<Page, 'style'>): string {
  return PAGE_STYLE + style;
}
