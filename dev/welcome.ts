import { relative } from 'node:path';
import type { Config } from '../config/config';
import type { Stack } from './stack';

/** Addresses of pages; null for one that is not served. */
type Pages = Stack['pages'] & { readonly demo: string | null; readonly templates: string };

/**
 * Returns the text shown once everything runs: addresses, keys, and a command to try.
 * @param folders where the journeys are
 */
export function welcome(
  { publicUrl, port, writeKey, adminKey, speed }: Config,
  pages: Pages,
  folders: readonly string[],
): string {
  const rows = Object.entries({
    API: `${publicUrl}/docs`,
    Demo: pages.demo,
    Temporal: pages.temporal,
    Mailbox: pages.mailbox,
    Templates: pages.templates,
    Journeys: `${folders.map((folder) => relative(process.cwd(), folder) || '.').join(', ')}   edits are applied on save`,
    WRITE_KEY: `${writeKey}   for apps`,
    ADMIN_KEY: `${adminKey}   for people`,
    SPEED: speed === 1 ? null : `${speed} times real time`,
  }).flatMap(([name, value]) => (value === null ? [] : [`  ${name.padEnd(12)}${value}`]));
  const batch = [
    { type: 'identify', userId: 'user-1', traits: { firstName: 'Ada', email: 'ada@example.com' } },
    { type: 'track', userId: 'user-1', event: 'Signed Up', properties: { plan: 'free' } },
  ];
  const items = batch.map((item) => `    ${JSON.stringify(item)}`).join(',\n');
  return `
Sojourn is running.

${rows.join('\n')}

Sign up a user, then look at the mailbox:

  curl -u ${writeKey}: -H 'Content-Type: application/json' http://localhost:${port}/v1/batch -d '{"batch": [
${items}
  ]}'

Press Ctrl-C to stop everything. The next start continues with the same data.
`;
}
