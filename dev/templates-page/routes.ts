import { z } from 'zod';
import type { ExtraRoutes } from '../../api/deps';
import { Problem } from '../../api/problem';
import { route } from '../../api/route';
import type { EmailContent } from '../../activities/templates/content';
import type { TemplateBoard } from './board';
import { inTheme, MAIL_POLICY } from './mail';
import { templatesPage } from './page';
import { PAGE_SCRIPT } from './page-script';
import { choiceOf, PATH, QUERY, renderingsOf } from './view';

/**
 * The page of the templates, the mails in its frames, and the events that tell it of edits. Only `sojourn dev` mounts these routes, because
 * they let in whoever reaches them.
 */
export function templatesPageRoutes(board: TemplateBoard): ExtraRoutes {
  return (_deps, { anyone }) => {
    const shared = { tag: 'Templates', access: anyone, unlimited: true, answers: {}, method: 'get' } as const;
    return [
      route({
        ...shared,
        path: PATH,
        name: 'templatesPage',
        summary: 'Show a template with example data',
        query: QUERY,
        handle: async ({ query }) => templatesPage(await board.state(), query),
      }),
      route({
        ...shared,
        path: `${PATH}/mail`,
        name: 'templateMail',
        summary: 'Retrieve the HTML of an email template with example data',
        query: QUERY,
        handle: async ({ query }) => {
          const chosen = choiceOf((await board.state()).entries, query);
          const mail = chosen && renderingsOf(chosen).find(({ channel }) => channel === 'email');
          if (mail?.kind !== 'content') throw new Problem(404, { detail: 'There is no such email.' });
          return {
            status: 200,
            type: 'text/html',
            body: inTheme((mail.content as EmailContent).html, query.theme),
            headers: { 'Content-Security-Policy': MAIL_POLICY },
          };
        },
      }),
      route({
        ...shared,
        path: `${PATH}/page.js`,
        name: 'templatesScript',
        summary: 'Retrieve the script of the page',
        handle: async () => ({ status: 200, type: 'text/javascript', body: PAGE_SCRIPT }),
      }),
      route({
        ...shared,
        path: `${PATH}/changes`,
        name: 'templateChanges',
        summary: 'Follow edits of the journeys',
        query: z.object({}),
        handle: async () => ({
          status: 200,
          type: 'text/event-stream',
          stream: (response) => board.follow(response),
        }),
      }),
    ];
  };
}
