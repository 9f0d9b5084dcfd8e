import { z } from 'zod';
import { knownLanguageOf, localized } from '../../engine/model/localized';
import { getOwn } from '../../engine/model/own-property';
import { confirmed } from '../../engine/model/preferences';
import { findPreferences, type PersonOfPage } from '../../store/preferences';
import type { ConfirmLink } from '../../config/tokens';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { LINK } from '../examples/requests';
import { escapeHtml } from '../html';
import { knownChannels } from '../known-channels';
import { pageReply } from '../page-reply';
import { PAGE_LANGUAGES, pageWords, type PageWords } from '../page-texts';
import { changesIn, leaveAll, preferencePage, wordingOf, type PreferenceView } from '../preference-page';
import { answerTopics, changeAll, declaredTopics } from '../preferences';
import { route, type Input, type Reply, type Route } from '../route';

const HTML = 'text/html';
const pages = {
  200: { description: 'An HTML page', type: HTML },
  404: { description: 'The link is not valid', type: HTML },
};
const link = {
  tag: 'Consent',
  params: z.object({ token: z.string().max(4_000).meta({ description: 'The signed part of the link' }) }),
  example: { params: { token: LINK } },
} as const;

/** The page of preferences that a link in a message opens, and the one that confirms a topic. */
export function preferenceLinkRoutes(deps: ApiDeps, { preferencesLink, confirmLink }: Gates): Route[] {
  const { database, clock } = deps;

  /** What people can choose. */
  const choices = (): Pick<PreferenceView, 'topics' | 'channels'> => ({
    topics: declaredTopics(deps.definitions),
    channels: knownChannels(deps.definitions),
  });

  /** The person of a link, and the words of their page. */
  async function opened(
    { prefers }: Pick<Input, 'prefers'>,
    userId: string | undefined,
  ): Promise<{ readonly person: PersonOfPage | null; readonly words: PageWords }> {
    const person = userId === undefined ? null : await findPreferences(database, userId);
    return { person, words: pageWords((person && knownLanguageOf(person.traits)) ?? prefers(PAGE_LANGUAGES)) };
  }

  /** Shows what a link confirms. An answer that is not pending any more is shown, and stays. */
  async function confirming(
    input: Pick<Input, 'prefers'>,
    given: ConfirmLink | null,
    act: (given: ConfirmLink) => Promise<PersonOfPage | null>,
  ): Promise<Reply<string>> {
    const { person, words } = await opened(input, given?.userId);
    if (!given || !person) return sentence(404, words, words.texts.notValid);
    const after = await act(given);
    const { confirm: said } = words.texts;
    const declared = getOwn(deps.definitions.current.topics?.byName ?? {}, given.topic);
    const title = escapeHtml(declared ? localized(declared.title, words.language) : given.topic);
    const standing = getOwn((after ?? person).topics, given.topic)?.standing;
    if (standing === 'in') return sentence(200, words, { title: said.done, text: said.more(title) });
    if (standing !== 'pending' || clock.now() > given.until) return sentence(410, words, said.over);
    const form = `<form method="post"><button class="primary">${said.button}</button></form>`;
    const body = `<h1>${said.title}</h1><p>${said.question(title)}</p>${form}`;
    return pageReply(200, { title: said.title, body, language: words.language });
  }

  return [
    route({
      ...link,
      path: '/p/{token}',
      method: 'get',
      name: 'preferencePage',
      summary: 'Show the preference page of a user',
      description: 'The page is in the language of the user, and works without JavaScript.',
      access: preferencesLink,
      answers: pages,
      handle: async (input, userId) => {
        const { person, words } = await opened(input, userId ?? undefined);
        if (!person) return sentence(404, words, words.texts.notValid);
        return pageReply(200, preferencePage({ person, ...choices(), words, done: null }));
      },
    }),
    route({
      ...link,
      path: '/p/{token}',
      method: 'post',
      name: 'savePreferencePage',
      summary: 'Save what a user chose on the preference page',
      description:
        'The form of the page sends this. Only what differs from before is an answer. The button for everything refuses all channels, and ' +
        'leaves all topics.',
      access: preferencesLink,
      form: true,
      bodyTypes: ['application/x-www-form-urlencoded'],
      example: { params: { token: LINK }, body: { do: 'save' } },
      body: z.record(z.string(), z.string()).default({}),
      answers: pages,
      handle: async (input, userId) => {
        const { person, words } = await opened(input, userId ?? undefined);
        if (!person) return sentence(404, words, words.texts.notValid);
        const view = { person, ...choices(), words };
        const isAll = getOwn(input.body, 'do') === 'all';
        const changed = isAll ? leaveAll(view) : changesIn(input.body, view);
        const origin = { source: 'preference page', wording: wordingOf(view, changed) };
        const after = await changeAll(deps, { userId: person.id, ...changed, origin, alsoAsAlias: true });
        // Somebody who was erased meanwhile gets no messages either.
        const shown: PreferenceView = { ...view, person: after ?? person, done: isAll ? 'all' : 'saved' };
        return pageReply(200, preferencePage(shown));
      },
    }),
    route({
      ...link,
      path: '/y/{token}',
      method: 'get',
      name: 'confirmPage',
      summary: 'Show the page of a link that confirms a topic',
      description:
        'Opening the link changes nothing, because mail programs also open links. The button of the page confirms.',
      access: confirmLink,
      answers: { ...pages, 410: { description: 'The link is not valid any more', type: HTML } },
      handle: (input, given) => confirming(input, given, async () => null),
    }),
    route({
      ...link,
      path: '/y/{token}',
      method: 'post',
      name: 'confirmTopic',
      summary: 'Confirm that a user wants a topic',
      description:
        'The button of the page calls this. The body is ignored. It can be called within seven days, and again with the same answer. It ' +
        'confirms nothing that the user has taken back meanwhile.',
      access: confirmLink,
      answers: { ...pages, 410: { description: 'The link is not valid any more', type: HTML } },
      handle: (input, given) =>
        confirming(input, given, async ({ userId, topic, until }) => {
          if (clock.now() > until) return null;
          const { words } = await opened(input, userId);
          const declared = getOwn(deps.definitions.current.topics?.byName ?? {}, topic);
          const title = declared ? localized(declared.title, words.language) : topic;
          const origin = { source: 'double opt-in', wording: words.texts.confirm.question(title) };
          await answerTopics(
            deps,
            { userId, alsoAsAlias: true, origin },
            new Map([[topic, (before) => confirmed(topic, before)]]),
          );
          return findPreferences(database, userId);
        }),
    }),
  ];
}

function sentence(
  status: number,
  { language }: PageWords,
  { title, text }: { readonly title: string; readonly text: string },
): Reply<string> {
  return pageReply(status, { title, body: `<h1>${title}</h1><p>${text}</p>`, language });
}
