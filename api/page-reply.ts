import { createHash } from 'node:crypto';
import { htmlPage, styleOf, type Page } from './html';
import type { Reply } from './route';

/** Directives of a Content Security Policy, by their names. */
type Directives = Readonly<Record<string, string>>;

/**
 * Answers with a page. Its Content Security Policy lets in its own style sheet, by its hash, and forms that are sent to us. There are no
 * scripts, nothing comes from elsewhere, and no other page can frame it.
 * @param more directives for a page that needs more. Default: none
 */
export function pageReply(status: number, page: Page, more: Directives = {}): Reply<string> {
  return {
    status,
    type: 'text/html',
    body: htmlPage(page),
    headers: { 'Content-Security-Policy': policyFor(styleOf(page), more) },
  };
}

function policyFor(style: string, more: Directives): string {
  const hash = createHash('sha256').update(style).digest('base64');
  const directives: Directives = {
    'default-src': "'none'",
    'style-src': `'sha256-${hash}'`,
    'img-src': 'data:',
    'form-action': "'self'",
    'frame-ancestors': "'none'",
    'base-uri': "'none'",
    ...more,
  };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');
}
