import { randomUUID } from 'node:crypto';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Envelope } from '../../activities/channels/channel';
import { loadTemplates, type Templates } from '../../activities/templates/load';
import type { TemplateContext } from '../../engine/definitions/template-use';

/** Writes files to folders of journeys and loads their templates. Keys are paths below the folder. */
export async function templatesOf(...roots: readonly Readonly<Record<string, string>>[]): Promise<Templates> {
  const folder = await mkdtemp(join(tmpdir(), 'sojourn-templates-'));
  try {
    const folders = roots.map((_, n) => join(folder, String(n)));
    for (const [n, files] of roots.entries())
      for (const [path, text] of Object.entries(files)) {
        const file = join(folder, String(n), path);
        await mkdir(dirname(file), { recursive: true });
        await writeFile(file, text);
      }
    return await loadTemplates(...folders);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The source of an email template with one text. */
export function mjml(text: string, frontMatter = 'subject: Hello'): string {
  return `---
${frontMatter}
---
<mjml>
  <mj-body>
    <mj-section>
      <mj-column>
        <mj-text>${text}</mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`;
}

/** The context for rendering templates. */
export const context: TemplateContext = {
  user: { id: 'u1', traits: { firstName: 'Ada', email: 'ada@example.com' }, stage: 'new' },
  event: { name: 'Signed Up', properties: { plan: 'free' } },
  data: { count: 3, items: [{ name: 'chart' }, { name: 'map' }], done: 0.5, key: 'count' },
  steps: {},
  links: {
    unsubscribe: 'https://app.example.com/u/token',
    preferences: 'https://app.example.com/p/token',
    app: 'https://app.example.com',
  },
};

/** A decided message to Ada, ready for delivery. */
export function envelope(changes: Partial<Envelope> = {}): Envelope {
  return {
    id: randomUUID(),
    journey: 'onboarding',
    step: 'welcome',
    template: 'welcome',
    user: context.user,
    event: { ...context.event, id: 'e1', at: 0 },
    data: context.data,
    steps: context.steps,
    transactional: false,
    ttlMs: 86_400_000,
    confirm: async () => undefined,
    ...changes,
  };
}

/** The signal of an attempt that is never aborted. */
export function unhurried(): AbortSignal {
  return new AbortController().signal;
}
