import type { RequestHandler } from 'express';
import { z } from 'zod';
import { timeline } from '../../store/timeline';
import { findUser } from '../../store/users';
import type { Gates } from '../auth';
import { pageOf } from '../cursor';
import type { ApiDeps } from '../deps';
import { userParams } from '../fields';
import { escapeHtml } from '../html';
import { pageReply } from '../page-reply';
import { route, type Reply, type Route } from '../route';
import { endedSession, startedSession } from '../session';
import { timelineReply } from '../timeline-page';
import { cursor, placeIn, placeOf } from './timeline';

/** Entries on a page. */
const ENTRIES = 50;

const query = z.object({ cursor });
const form = {
  form: true,
  bodyTypes: ['application/x-www-form-urlencoded'],
} as const;

/** The timeline of a user as a page, for people who have given the admin key. */
export function timelinePageRoutes({ database, config, clock }: ApiDeps, { session, keyInForm }: Gates): Route[] {
  const shared = { path: '/users/{id}/timeline', tag: 'Users', params: userParams, query } as const;
  return [
    route({
      ...shared,
      method: 'get',
      name: 'timelinePage',
      summary: 'Show what happened to a user as a page',
      description:
        'The link in the Temporal UI leads here. A person who has not signed in gets a form that asks for the admin key. They stay signed in for ' +
        'eight hours, by a cookie that no request from another site carries. The cookie opens this page only.',
      access: session,
      headers: z.object({ 'sec-fetch-site': z.string().optional() }),
      answers: {},
      handle: async ({ params, query: { cursor: given }, headers }, isSignedIn) => {
        if (!isSignedIn) return headers['sec-fetch-site'] === 'cross-site' ? AGAIN : signIn(401, '');
        const after = given === undefined ? null : placeIn(given);
        const user = await findUser(database, params.id);
        if (!user) return unknown(params.id);
        const found = await timeline(database, user.id, { after, newestFirst: true, limit: ENTRIES + 1 });
        const { items, next } = pageOf(found, ENTRIES, placeOf);
        return timelineReply({ user, entries: items, isFirst: after === null, older: next });
      },
    }),
    route({
      ...shared,
      ...form,
      method: 'post',
      name: 'signIn',
      summary: 'Sign in with the admin key',
      description: 'The form of the page sends this. The answer sets the cookie, and leads back to the page.',
      access: keyInForm,
      body: z.object({ adminKey: z.string() }),
      answers: {},
      handle: async ({ query: { cursor: given } }, isRight) => {
        if (!isRight) return signIn(401, 'This is not the admin key.');
        const back = given === undefined ? 'timeline' : `timeline?cursor=${encodeURIComponent(given)}`;
        return { status: 303, headers: { ...(await startedSession(config, clock.real())), Location: back } };
      },
    }),
    route({
      method: 'post',
      path: '/sign-out',
      name: 'signOut',
      tag: 'Users',
      summary: 'End the session of the browser',
      access: session,
      answers: {},
      handle: async () => ({ ...SIGNED_OUT, headers: { ...SIGNED_OUT.headers, ...endedSession(config) } }),
    }),
  ];
}

/** Leads a browser that sends no key from the route of the API to the page. Other clients accept any type, and JSON is the first. */
export const leadBrowserToPage: RequestHandler<{ id: string }> = (request, response, next) => {
  if (request.headers.authorization !== undefined || request.accepts(['json', 'html']) !== 'html') {
    next();
    return;
  }
  response.redirect(303, `../../../users/${encodeURIComponent(request.params.id)}/timeline`);
};

const SIGNED_OUT = pageReply(200, {
  title: 'Signed out',
  body: '<h1>Signed out</h1><p>This browser has to give the admin key again.</p>',
});

/**
 * The cookie of a session does not come with a link from another site. This page opens the same address once more, from this site, so
 * the cookie comes if there is one.
 */
const AGAIN = pageReply(200, {
  title: 'Timeline',
  body: '<meta http-equiv="refresh" content="0"><h1>Timeline</h1><p><a href="">Continue</a></p>',
});

function signIn(status: number, problem: string): Reply<string> {
  const alert = problem === '' ? '' : `<p class="bad" role="alert">${escapeHtml(problem)}</p>`;
  const described = problem === '' ? '' : ' aria-invalid="true"';
  return pageReply(status, {
    title: 'Sign in',
    body: `<h1>Sign in</h1>
<p>What happened to a user is shown to those who have the admin key. It is asked for once in eight hours.</p>
${alert}<form method="post"><label for="key">Admin key</label>
<p><input id="key" name="adminKey" type="password" autocomplete="current-password" required${described}></p>
<button class="primary">Sign in</button></form>`,
  });
}

function unknown(id: string): Reply<string> {
  const body = `<h1>No such user</h1><p>There is no user <code>${escapeHtml(id)}</code>. They may have been erased.</p>`;
  return pageReply(404, { title: 'No such user', body });
}
