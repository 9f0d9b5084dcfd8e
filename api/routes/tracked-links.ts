import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { verifyClick, verifyOpen, type ClickedLink } from '../../config/tracked-links';
import { noteLinkVisit } from '../../store/link-visits';
import { recordReceipts, type Receipt } from '../../store/receipts';
import type { Access } from '../auth';
import { wake, type ApiDeps } from '../deps';
import { LINK } from '../examples/requests';
import { isMachine, timingOfMachine } from '../machine';
import { pageReply } from '../page-reply';
import { PAGE_LANGUAGES, pageWords } from '../page-texts';
import { Problem } from '../problem';
import { route, type Route } from '../route';

/** A transparent picture of one pixel. */
const PICTURE = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** How long a person waits for a link that can't be recorded, real milliseconds. */
const PATIENCE_MS = 2_000;

/** Of what a machine did whose request tells. */
const BY_REQUEST = { machine: true, sign: 'request' } as const;

/** A link or picture that was asked for, with what its token says. */
interface Asked<Said> {
  readonly said: Said;
  readonly machine: boolean;
}

/** Reads the token of a link in a message; null when it is not valid. @param verify reads it */
function linkAccess<Said>(
  verify: (token: string) => Promise<Said | null>,
  messageOf: (said: Said) => string,
): Access<Asked<Said> | null> {
  return {
    name: 'signedLink',
    inBody: false,
    authenticate: async (request) => {
      const said = await verify(String(request.params['token']));
      return said === null ? null : { said, machine: isMachine(request) };
    },
    counted: (asked) =>
      asked ? { limit: 'signedLink', user: messageOf(asked.said) } : { limit: 'refused', user: null },
  };
}

const params = z.object({ token: z.string().max(8_000).meta({ description: 'The signed part of the link' }) });

/** The picture and the links of mails, which tell that a mail was opened and a link clicked. */
export function trackedLinkRoutes({ config: { secret }, database, definitions, clock, waker, log }: ApiDeps): Route[] {
  /** A person gets what they asked for, also if it can't be recorded. */
  async function record(read: (now: number) => Omit<Receipt, 'at'> | Promise<Omit<Receipt, 'at'>>): Promise<void> {
    const now = clock.now();
    const store = async (): Promise<void> => {
      const receipt = await read(now);
      wake(waker, await recordReceipts(database, definitions, [{ ...receipt, at: now }], now));
    };
    const recorded = store().catch((error: unknown) =>
      log.warn({ err: error }, 'what a person did with a mail could not be stored'),
    );
    const given = new AbortController();
    await Promise.race([recorded, pause(PATIENCE_MS, undefined, { signal: given.signal }).catch(() => undefined)]);
    given.abort();
  }

  return [
    route({
      method: 'get',
      path: '/o/{token}',
      name: 'openPicture',
      tag: 'Receipts',
      summary: 'Load the picture of a mail',
      description:
        'Mails contain it where `TRACK_OPENS` is true. It tells that the mail was opened: the event is `Message Opened`.',
      access: linkAccess(
        (token) => verifyOpen(secret, token),
        (messageId) => messageId,
      ),
      params,
      example: { params: { token: LINK } },
      answers: {
        200: { description: 'A transparent picture', type: 'image/gif' },
        404: { description: 'The link is not valid' },
      },
      handle: async (_input, asked) => {
        if (!asked) throw new Problem(404, { detail: 'The link is not valid.' });
        const { said: messageId, machine } = asked;
        await record(() => ({ messageId, kind: 'opened', ...(machine && BY_REQUEST) }));
        return { status: 200, type: 'image/gif', body: PICTURE };
      },
    }),
    route({
      method: 'get',
      path: '/c/{token}',
      name: 'followLink',
      tag: 'Receipts',
      summary: 'Follow a link of a mail',
      description:
        'Links of mails lead here where `TRACK_CLICKS` is true. It tells that the link was clicked, the event is `Message Clicked`, and leads on to the address that ' +
        'the token has signed, and to no other.',
      access: linkAccess<ClickedLink>(
        (token) => verifyClick(secret, token),
        ({ messageId }) => messageId,
      ),
      params,
      example: { params: { token: LINK } },
      answers: {
        302: { description: 'Leads to where the link leads' },
        404: { description: 'The link is not valid', type: 'text/html' },
      },
      handle: async ({ prefers }, asked) => {
        if (!asked) {
          const { language, texts } = pageWords(prefers(PAGE_LANGUAGES));
          const { title, text } = texts.notValid;
          return pageReply(404, { title, body: `<h1>${title}</h1><p>${text}</p>`, language });
        }
        const { said, machine } = asked;
        await record(async (at) => {
          const visited = await noteLinkVisit(database, { ...said, at });
          const sign = visited && timingOfMachine(visited, at, clock.speed);
          return { ...said, kind: 'clicked', ...(sign && { machine: true, sign }), ...(machine && BY_REQUEST) };
        });
        return { status: 302, headers: { Location: said.url } };
      },
    }),
  ];
}
