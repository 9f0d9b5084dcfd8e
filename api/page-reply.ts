import { createHash } from 'node:crypto';
import { htmlPage, styleOf, type Page } from './html';
import type { Reply } from './route';

/**
 * Answers with a page. Its Content Security Policy lets in its own style sheet, by its hash, and forms that are sent to us. There are no
 * scripts, nothing comes from elsewhere, and no other page can frame it.
 */
export function pageReply(status: number, page: Page): Reply {
  return {
    status,
    type: 'text/html',
    body: htmlPage(page),
    headers: { 'Content-Security-Policy': policyFor(styleOf(page)) },
  };
}

function policyFor(style: string): string {
  const hash = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;
}
