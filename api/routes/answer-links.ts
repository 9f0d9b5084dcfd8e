import { z } from 'zod';
import type { AnswerLink } from '../../config/tokens';
import { questionFor } from '../../engine/authoring/question';
import { knownLanguageOf, languageOf } from '../../engine/model/localized';
import { recordReaction } from '../../store/inbox-reactions';
import { answerTo, findQuestion, type FirstAnswer, type LinkedQuestion } from '../../store/questions';
import type { Gates } from '../auth';
import { wake, type ApiDeps } from '../deps';
import { escapeHtml } from '../html';
import { pageReply } from '../page-reply';
import { PAGE_LANGUAGES, pageWords, type PageWords } from '../page-texts';
import { route, type Input, type Reply, type Route } from '../route';

const HTML = 'text/html';

const link = {
  path: '/a/{token}',
  tag: 'Inbox',
  params: z.object({ token: z.string().max(4_000) }),
  answers: {
    200: { description: 'An HTML page', type: HTML },
    404: { description: 'The link is not valid', type: HTML },
    410: { description: 'The time to answer is over', type: HTML },
  },
} as const;

/** Opens a link. */
interface Opened {
  /** What the link says; null when it is not valid. */
  readonly given: AnswerLink | null;
  readonly prefers: Input['prefers'];
}

/** The links of a message that asks a question: each answers with one of the choices. */
export function answerLinkRoutes({ database, definitions, clock, waker }: ApiDeps, { answerLink }: Gates): Route[] {
  /** Shows what is open to the person. `answer` is called while the question can be answered. */
  async function show({ given, prefers }: Opened, answer: (asked: LinkedQuestion) => Promise<boolean>): Promise<Reply> {
    const asked = given && (await findQuestion(database, given.messageId));
    const words = pageWords((asked && knownLanguageOf(asked.traits)) ?? prefers(PAGE_LANGUAGES));
    if (!asked?.question.choices.some(({ value }) => value === given?.value)) return refusal(404, words, 'notValid');
    const first = await answerTo(database, asked);
    if (first !== null) return page(asked, chosen(asked, first));
    if (asked.closesAt !== null && clock.now() > asked.closesAt) return refusal(410, words, 'closed');
    if (!(await answer(asked))) return page(asked, button(asked, given?.value ?? ''));
    const answered = await answerTo(database, asked);
    // The user was erased meanwhile.
    return answered === null ? refusal(404, words, 'notValid') : page(asked, chosen(asked, answered));
  }

  return [
    route({
      ...link,
      method: 'get',
      name: 'answerPage',
      summary: 'Show the page of a link that answers a question',
      description:
        'Opening the link changes nothing, because mail programs also open links. The button of the page answers.',
      access: answerLink,
      handle: ({ prefers }, given) => show({ given, prefers }, async () => false),
    }),
    route({
      ...link,
      method: 'post',
      name: 'answerByLink',
      summary: 'Answer a question with the choice of a link',
      description:
        'The button of the page calls this. The body is ignored. The first answer holds, whether it comes by a link or in the app; the page ' +
        'shows which one it is. Journeys get the event `Message Answered`.',
      access: answerLink,
      handle: ({ prefers }, given) =>
        show({ given, prefers }, async ({ userId, message }) => {
          const said = { value: given?.value ?? '' };
          const reacted = { userId, message, reaction: 'answered', said, at: clock.now() } as const;
          const recorded = await recordReaction(database, definitions, reacted);
          if (recorded) wake(waker, recorded.pending);
          return true;
        }),
    }),
  ];
}

const STYLE = 'h1{white-space:pre-line}';

/** The question, and below it what can be done. It has no words of ours, so it is in the language of the user. */
function page({ question, traits }: LinkedQuestion, below: string): Reply {
  const { text } = questionFor(question, traits);
  const body = `<h1>${escapeHtml(text)}</h1>${below}`;
  return pageReply(200, { title: text, body, style: STYLE, language: languageOf(traits) });
}

function button(asked: LinkedQuestion, value: string): string {
  return `<form method="post"><button class="primary">${labelOf(asked, value)}</button></form>`;
}

/** Of a choice that is forgotten, the page shows only that there was one. */
function chosen(asked: LinkedQuestion, { value }: FirstAnswer): string {
  return `<p role="status" class="notice">✓${value === null ? '' : ` ${labelOf(asked, value)}`}</p>`;
}

function labelOf({ question, traits }: LinkedQuestion, value: string): string {
  const choice = questionFor(question, traits).choices.find((one) => one.value === value);
  return escapeHtml(choice?.label ?? value);
}

function refusal(status: number, { language, texts }: PageWords, why: 'notValid' | 'closed'): Reply {
  const { title, text } = texts[why];
  return pageReply(status, { title, body: `<h1>${title}</h1><p>${text}</p>`, language });
}
