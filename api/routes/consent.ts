import { z } from 'zod';
import type { Unsubscribe } from '../../config/tokens';
import { completeConsent } from '../../engine/model/consent';
import { knownLanguageOf } from '../../engine/model/localized';
import { CHANNELS } from '../../engine/model/channels';
import type { ChannelName } from '../../engine/model/state';
import { changeConsent, type Consent } from '../../store/consent';
import { findTraits } from '../../store/traits-of-user';
import { findUser } from '../../store/users';
import type { Gates } from '../auth';
import { wake, type ApiDeps } from '../deps';
import { LINK } from '../examples/requests';
import { consent, CONSENT_CHANGE } from '../fields';
import { pageReply } from '../page-reply';
import { ofChannel, PAGE_LANGUAGES, pageWords, type PageTexts, type PageWords } from '../page-texts';
import { route, type Input, type Reply, type Route } from '../route';
import { unknownUser } from './users';

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
  /** Answers a request for a link with a page in the language of its user, or else in one that the browser asks for. */
  async function forLink(
    { prefers }: Pick<Input, 'prefers'>,
    link: Unsubscribe | null,
    page: (link: Unsubscribe, words: PageWords) => Promise<Reply<string>> | Reply<string>,
  ): Promise<Reply<string>> {
    const traits = link && (await findTraits(database, link.userId));
    const words = pageWords((traits && knownLanguageOf(traits)) ?? prefers(PAGE_LANGUAGES));
    return link ? page(link, words) : sentence(404, words.language, words.texts.notValid);
  }
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
      handle: (input, given) => forLink(input, given, ({ channel }, words) => question(channel, words)),
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
      handle: (input, given) =>
        forLink(input, given, async ({ userId, channel }, { language, texts: { unsubscribe: texts } }) => {
          // An erased user gets the same page, as they receive no messages either.
          await answer(userId, { [channel]: false }, { alsoAsAlias: true });
          return sentence(200, language, { title: texts.done, text: ofChannel(texts.more, channel) });
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

function question(channel: ChannelName, { language, texts: { unsubscribe: texts } }: PageWords): Reply<string> {
  const { title, question: asked, button } = texts;
  const form = `<form method="post"><button class="primary">${button}</button></form>`;
  return pageReply(200, { title, body: `<h1>${title}</h1><p>${asked[channel]}</p>${form}`, language });
}

function sentence(status: number, language: string, { title, text }: PageTexts['notValid']): Reply<string> {
  return pageReply(status, { title, body: `<h1>${title}</h1><p>${text}</p>`, language });
}
