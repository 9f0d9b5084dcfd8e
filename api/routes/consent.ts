import { z } from 'zod';
import type { Unsubscribe } from '../../config/tokens';
import { completeConsent } from '../../engine/model/consent';
import { CHANNELS, type ChannelName } from '../../engine/model/state';
import { changeConsent, type Consent } from '../../store/consent';
import { findUser } from '../../store/users';
import type { Gates } from '../auth';
import { wake, type ApiDeps } from '../deps';
import { LINK } from '../examples/requests';
import { consent, CONSENT_CHANGE } from '../fields';
import { htmlPage } from '../html';
import { route, type Reply, type Route } from '../route';
import { unknownUser } from './users';

/** How the pages name what each channel delivers. */
const WORDS: Readonly<Record<ChannelName, string>> = {
  email: 'emails',
  webPush: 'notifications',
  inApp: 'in-app messages',
};
const HTML = 'text/html';

const unsubscribe = {
  path: '/u/{token}',
  tag: 'Consent',
  params: z.object({ token: z.string().max(4_000).meta({ description: 'The signed part of the link' }) }),
} as const;
const pages = {
  200: { description: 'An HTML page', type: HTML },
  404: { description: 'The link is not valid', type: HTML },
};
const preferences = z.object({
  channels: z.record(z.enum(CHANNELS), z.boolean()).meta({ description: 'Consent for `email`, `webPush` and `inApp`' }),
});

/** Users' consent, given by a link in a message or in the app. */
export function consentRoutes(
  { database, definitions, clock, waker }: ApiDeps,
  { signedLink, userToken }: Gates,
): Route[] {
  async function answer(userId: string, answers: Consent, { alsoAsAlias = false } = {}): Promise<Consent | null> {
    const change = { userId, answers, at: clock.now(), alsoAsAlias };
    const changed = await changeConsent(database, definitions, change);
    wake(waker, changed?.pending ?? []);
    return changed && changed.consent;
  }
  const forLink = async (
    link: Unsubscribe | null,
    page: (link: Unsubscribe) => Promise<string>,
  ): Promise<Reply<string>> => {
    if (!link)
      return {
        status: 404,
        type: HTML,
        body: sentence('This link is not valid', 'It may have been cut off. Open it again from the message.'),
      };
    return { status: 200, type: HTML, body: await page(link) };
  };
  const ownPreferences = { path: '/v1/preferences', tag: 'Consent', access: userToken, browser: true } as const;
  const known = {
    200: {
      description: 'The consent for every channel',
      schema: preferences,
      example: { channels: { email: false, webPush: false, inApp: true } },
    },
    404: { description: 'Unknown user' },
  };

  return [
    route({
      ...unsubscribe,
      method: 'get',
      name: 'unsubscribePage',
      summary: 'Show the page of an unsubscribe link',
      description: 'Opening the link changes nothing, because mail programs also open links.',
      access: signedLink,
      example: { params: { token: LINK } },
      answers: pages,
      handle: (_input, given) => forLink(given, async ({ channel }) => question(channel)),
    }),
    route({
      ...unsubscribe,
      method: 'post',
      name: 'unsubscribe',
      summary: 'Unsubscribe a user from the channel of a link',
      description:
        'The button of the page and the one-click unsubscribe of mail programs (RFC 8058) call this. The body is ignored.',
      access: signedLink,
      example: { params: { token: LINK } },
      answers: pages,
      handle: (_input, given) =>
        forLink(given, async ({ userId, channel }) => {
          // An erased user gets the same page, as they receive no messages either.
          await answer(userId, { [channel]: false }, { alsoAsAlias: true });
          return sentence('Done', `You will get no more ${WORDS[channel]} from us, except those you ask for yourself.`);
        }),
    }),
    route({
      ...ownPreferences,
      method: 'get',
      name: 'getPreferences',
      summary: 'Retrieve the consent of the authenticated user',
      description: 'A channel without an explicit answer counts as consented to.',
      answers: known,
      handle: async (_input, userId) => {
        const user = await findUser(database, userId);
        if (user?.id !== userId) throw unknownUser();
        return { status: 200, body: complete(user.consent) };
      },
    }),
    route({
      ...ownPreferences,
      method: 'put',
      name: 'setPreferences',
      summary: 'Update the consent of the authenticated user',
      description: CONSENT_CHANGE,
      example: { body: { channels: { webPush: false } } },
      body: z.object({ channels: consent }),
      answers: known,
      handle: async ({ body }, userId) => {
        const answers = await answer(userId, body.channels);
        if (!answers) throw unknownUser();
        return { status: 200, body: complete(answers) };
      },
    }),
  ];
}

function complete(answers: Consent): z.infer<typeof preferences> {
  return { channels: completeConsent(answers) };
}

function question(channel: ChannelName): string {
  return htmlPage(
    'Unsubscribe',
    `<h1>Unsubscribe</h1><p>Do you want to stop receiving ${WORDS[channel]} from us?</p><form method="post"><button>Unsubscribe</button></form>`,
  );
}

function sentence(title: string, text: string): string {
  return htmlPage(title, `<h1>${title}</h1><p>${text}</p>`);
}
