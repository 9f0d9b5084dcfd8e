import { z } from 'zod';
import { signPreferences, type Unsubscribe } from '../../config/tokens';
import { knownLanguageOf, localized } from '../../engine/model/localized';
import { getOwn } from '../../engine/model/own-property';
import { choose } from '../../engine/model/preferences';
import { findTraits } from '../../store/traits-of-user';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { LINK } from '../examples/requests';
import { escapeHtml } from '../html';
import { pageReply } from '../page-reply';
import { ofChannel, PAGE_LANGUAGES, pageWords, type PageTexts, type PageWords } from '../page-texts';
import { answerTopics, changeAll } from '../preferences';
import { route, type Input, type Reply, type Route } from '../route';

const HTML = 'text/html';

const unsubscribe = {
  path: '/u/{token}',
  tag: 'Consent',
  params: z.object({ token: z.string().max(4_000).meta({ description: 'The signed part of the link' }) }),
} as const;
const query = z.object({
  from: z.literal('page').optional().meta({ description: 'The button of the page was pressed' }),
  all: z.literal('1').optional().meta({ description: 'Unsubscribes from all messages of the channel' }),
});
const pages = {
  200: { description: 'An HTML page', type: HTML },
  404: { description: 'The link is not valid', type: HTML },
};
/** Users' consent, taken back by a link in a message. */
export function consentRoutes(deps: ApiDeps, { signedLink }: Gates): Route[] {
  const { database } = deps;
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
      handle: (input, given) => forLink(input, given, (link, words) => question(deps, link, words)),
    }),
    route({
      ...unsubscribe,
      method: 'post',
      name: 'unsubscribe',
      summary: 'Unsubscribe a user from the topic or the channel of a link',
      description:
        'The buttons of the page and the one-click unsubscribe of mail programs (RFC 8058) call this. The body is ignored. A link in a message ' +
        'with a topic leaves the topic, and keeps the other messages of the channel.',
      access: signedLink,
      query,
      example: { params: { token: LINK } },
      answers: pages,
      handle: (input, given) =>
        forLink(input, given, async (link, { language, texts: { unsubscribe: texts } }) => {
          const { userId, channel } = link;
          const topic = input.query.all === undefined ? (link.topic ?? null) : null;
          const title = topic === null ? '' : titleOf(deps, topic, language);
          const origin =
            input.query.from === undefined
              ? { source: 'one-click' }
              : {
                  source: 'unsubscribe page',
                  wording: topic === null ? ofChannel(texts.question, channel) : texts.ofTopic.question(title),
                };
          // An erased user gets the same page, as they receive no messages either.
          if (topic === null)
            await changeAll(deps, { userId, channels: { [channel]: false }, origin, alsoAsAlias: true });
          else
            await answerTopics(
              deps,
              { userId, alsoAsAlias: true, origin },
              // Also of a topic that nobody declares any more.
              new Map([[topic, (before) => choose(topic, before, { subscribed: false }, { confirms: false })]]),
            );
          const text = topic === null ? ofChannel(texts.more, channel) : texts.ofTopic.more(escapeHtml(title));
          return sentence(200, language, { title: texts.done, text });
        }),
    }),
  ];
}

function question(
  deps: ApiDeps,
  { userId, channel, topic }: Unsubscribe,
  { language, texts: { unsubscribe: texts } }: PageWords,
): Reply<string> {
  const { title, button, ofTopic } = texts;
  const asked =
    topic == null ? ofChannel(texts.question, channel) : ofTopic.question(escapeHtml(titleOf(deps, topic, language)));
  const form = `<form method="post" action="?from=page"><button class="primary">${button}</button></form>`;
  const all = `<form method="post" action="?from=page&amp;all=1"><button>${ofChannel(ofTopic.all, channel)}</button></form>`;
  const page = `../p/${signPreferences(deps.config.secret, userId)}`;
  const more = topic == null ? '' : `${all}<p><a href="${escapeHtml(page)}">${ofTopic.choose}</a></p>`;
  return pageReply(200, { title, body: `<h1>${title}</h1><p>${asked}</p>${form}${more}`, language });
}

/** The title of a topic; its name if it is not declared any more. */
function titleOf({ definitions }: ApiDeps, name: string, language: string): string {
  const topic = getOwn(definitions.current.topics?.byName ?? {}, name);
  return topic ? localized(topic.title, language) : name;
}

function sentence(status: number, language: string, { title, text }: PageTexts['notValid']): Reply<string> {
  return pageReply(status, { title, body: `<h1>${title}</h1><p>${text}</p>`, language });
}
