import { Command } from 'commander';
import { apiOf, type ApiOptions } from './api-of';
import { get, type Api } from './import/api';
import { whyText, type Entry } from './why-text';

/** Entries that one request asks for. */
const PAGE = 500;

/** `sojourn why`: prints why a message was sent, held or suppressed. */
export const why = new Command('why')
  .description('Print every rule of the policy that was asked about a message, in order, with what it read.')
  .argument('<user>', 'id of the user')
  .argument('<message>', 'id of the message, or the name of its step: then it is the latest message of that step')
  .option('--url <url>', 'the API. Default: PUBLIC_URL, or http://localhost:3000')
  .option('--key <key>', 'the admin key. Default: ADMIN_KEY')
  .action(async (user: string, message: string, options: ApiOptions) => {
    const api = { ...apiOf(options, 'admin'), say: (text: string) => console.error(text) };
    console.log(whyText(await findMessage(api, user, message)));
  });

/** What is found of a message: its step, and what became of it, unless it has none. */
interface Found {
  readonly step: Entry;
  readonly message: Entry | null;
}

/**
 * Looks through the timeline, newest entries first.
 * @throws {Error} when the user or the message is unknown
 */
async function findMessage(api: Api, user: string, asked: string): Promise<Found> {
  const path = `/v1/users/${encodeURIComponent(user)}/timeline?order=newest&limit=${PAGE}`;
  const messages: Entry[] = [];
  for (let next: string | null = ''; next !== null;) {
    const { status, body } = await get(api, next === '' ? path : `${path}&cursor=${encodeURIComponent(next)}`);
    if (status === 404) throw new Error(`Unknown user: '${user}'.`);
    if (status !== 200) throw new Error(`The API at ${api.url} answers with status ${status}.`);
    const page = body as { readonly entries: readonly Entry[]; readonly next: string | null };
    messages.push(...page.entries.filter(({ kind }) => kind === 'message'));
    // At the same time, a message comes after its step, so among the newest first it is known by then.
    for (const step of page.entries.filter(({ kind, details }) => kind === 'step' && details['kind'] === 'send')) {
      const message = messages.find(({ details }) => isOf(details, step)) ?? null;
      if (step.what === asked || message?.details['id'] === asked) return { step, message };
    }
    next = page.next;
  }
  throw new Error(`User '${user}' has no message '${asked}'. Expected the id of a message, or the name of a step.`);
}

function isOf(details: Entry['details'], step: Entry): boolean {
  return details['run'] === step.details['run'] && details['step'] === step.what;
}
