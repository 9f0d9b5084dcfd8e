import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Gates } from '../../api/auth';
import type { ApiDeps } from '../../api/deps';
import { Problem } from '../../api/problem';
import { receiver } from '../../api/receive-calls';
import { route, type Route } from '../../api/route';
import { entryResponse } from '../../api/routes/timeline';
import { signUserToken } from '../../config/tokens';
import { timeline } from '../../store/timeline';
import { findUserId } from '../../store/users';

/** As strict as that of the gallery: nothing inline, and nothing from elsewhere. The phone of the courier is a frame of the demo. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; frame-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types";

const PAGES = { '/demo': 'page.html', '/demo/courier': 'courier.html' } as const;
const STYLES = ['page.css', 'courier.css'] as const;
const SCRIPTS = ['page.mjs', 'drawer.mjs', 'courier.mjs', 'token.mjs'] as const;

/** People of the demo are told apart by their ids. Whoever opens the demo may be one of these, and nobody else. */
const PREFIX = 'demo-';
const person = z
  .string()
  .regex(/^demo-[a-z0-9-]{1,40}$/, 'must be demo- and 1 to 40 small letters, digits and hyphens');

const TOKEN_MS = 3_600_000;
const ENTRIES = 60;

/**
 * The demo: a page of a small app, a token for the person who uses it, and the timeline of that person. Only `npm start` mounts these
 * routes, because they let in whoever reaches them.
 */
export function demoRoutes(deps: ApiDeps, { anyone, userToken }: Gates): Route[] {
  const { database, config, clock } = deps;
  const receive = receiver(deps);
  const shared = { tag: 'Demo', answers: {} } as const;
  /** A page or a file of the demo. It is read anew each time, so that an edit of it needs no restart. */
  const file = (path: string, name: string, type: string): Route =>
    route({
      ...shared,
      method: 'get',
      path,
      name,
      summary: 'Retrieve a page or a file of the demo',
      access: anyone,
      handle: async () => ({
        ...{ status: 200, type, body: readFileSync(join(__dirname, name)) },
        headers: { 'Content-Security-Policy': POLICY },
      }),
    });

  /** Makes the person known, as an app does at sign-up, if nobody has this id. Returns the id under which they are known. */
  async function known(id: string): Promise<string> {
    const found = await findUserId(database, id);
    if (found !== null) return found;
    const name = id.slice(PREFIX.length);
    const traits = {
      firstName: name.charAt(0).toUpperCase() + name.slice(1),
      email: `${name}@example.com`,
      plan: 'free',
    };
    await receive([{ call: { type: 'identify', userId: id, traits }, pointer: '' }], {
      sentAt: null,
      mergeable: 'visitors',
    });
    return id;
  }

  return [
    ...Object.entries(PAGES).map(([path, name]) => file(path, name, 'text/html')),
    ...STYLES.map((name) => file(`/demo/${name}`, name, 'text/css')),
    ...SCRIPTS.map((name) => file(`/demo/${name}`, name, 'text/javascript')),
    route({
      ...shared,
      method: 'post',
      path: '/demo/token',
      name: 'demoToken',
      summary: 'Create a token of a person of the demo',
      access: anyone,
      body: z.object({ id: person }),
      handle: async ({ body: { id } }) => {
        const userId = onlyOfDemo(await known(id));
        return { status: 201, body: { token: await signUserToken(config.secret, userId, TOKEN_MS, clock.real()) } };
      },
    }),
    route({
      ...shared,
      method: 'get',
      path: '/demo/timeline',
      name: 'demoTimeline',
      summary: 'List what was decided for the person of the token, newest first',
      access: userToken,
      handle: async (_input, userId) => {
        const newest = { after: null, newestFirst: true, limit: ENTRIES };
        const entries = await timeline(database, onlyOfDemo(userId), newest);
        return { status: 200, body: { entries: entries.map(entryResponse) } };
      },
    }),
  ];
}

/** @throws {Problem} 403 for a user who is not of the demo, also one into whom a person of the demo was merged */
function onlyOfDemo(userId: string): string {
  if (!userId.startsWith(PREFIX)) throw new Problem(403, { detail: 'This user is not a person of the demo.' });
  return userId;
}
