import { z } from 'zod';
import { eventPlace, type EventPlace } from '../../authoring/condition';
import { fields } from '../../authoring/fields';
import type { ChatOpening } from '../../authoring/journey';
import { stepName } from '../../authoring/json-fields';
import type { Chat } from '../../chats/chat';
import { MOST_ROLES, NAME_LENGTH } from '../../chats/schema';
import type { ChatParticipant } from '../../model/chat-change';
import { storableText } from '../../model/json';
import { getOwn } from '../../model/own-property';
import {
  changeChat,
  chatForm,
  chatKeyForm,
  chatKeyOf,
  chatNameOf,
  declaredChat,
  isRefused,
  NO_CHAT,
  NO_KEY,
  roleForm,
  type ChatKeyForm,
} from './chat-change';
import { readEvents } from './read-events';
import { instant, SILENT, type StepCall, type StepForm, type StepType } from './step-type';
import { isUserId, userIdForm, type UserIdForm } from './user-id';
import { factsReadBy, valueOf } from './value-forms';

/** Why a conversation is not opened. */
type Refusal = 'chat' | 'role' | 'people' | 'key' | 'user' | 'name';

const REFUSALS: Readonly<Record<Refusal, string>> = {
  chat: NO_CHAT,
  role: 'the chat has no such role',
  people: 'a conversation has two or more people, each with a role of their own',
  key: NO_KEY,
  user: 'no user has such an id',
  name: `a name has 1 to ${NAME_LENGTH} characters`,
};

/**
 * Opens a conversation between the user and others.
 * @throws {TypeError} when `with` is no list
 */
function openChat(
  given: string | Chat,
  { key: givenKey, as, name: ownName, with: others }: ChatOpening,
): StepCall<void> {
  const isList: boolean = Array.isArray(others);
  if (!isList) throw new TypeError('openChat: `with` must be a list of people.');
  const chat = chatNameOf(given);
  return instant({ kind: 'openChat', text: chat, ...SILENT }, (context) => {
    const { draft, definitions } = context;
    const people = [{ userId: draft.id, role: as, name: ownName }, ...others];
    const key = chatKeyOf(givenKey);
    const declared = declaredChat(definitions, chat);
    const refused = refusalOf(declared, key, people);
    if (declared && key !== null && refused === null) {
      const participants = people.map(({ userId, role, name: shown }) => ({ userId, role, name: storableText(shown) }));
      changeChat(context, { chat, key, keepMs: declared.keepMs, participants });
    }
    return { outcome: { chat, key, refused }, reason: refused === null ? chat : `${chat}: ${REFUSALS[refused]}` };
  });
}

function refusalOf(chat: Chat | undefined, key: string | null, people: readonly ChatParticipant[]): Refusal | null {
  if (!chat) return 'chat';
  if (key === null) return 'key';
  if (people.some(({ role }) => getOwn(chat.roles, role) === undefined)) return 'role';
  if (people.length < 2 || haveRepeats(people.map(({ role }) => role))) return 'people';
  if (!people.every(({ userId }) => isUserId(userId))) return 'user';
  if (haveRepeats(people.map(({ userId }) => userId))) return 'people';
  return people.every(({ name }) => isShownName(name)) ? null : 'name';
}

function haveRepeats(values: readonly string[]): boolean {
  return new Set(values).size < values.length;
}

/** The types say so, but a name comes from data. */
function isShownName(name: unknown): boolean {
  return typeof name === 'string' && storableText(name).trim() !== '' && name.length <= NAME_LENGTH;
}

/** A name in a journey made of data: a text, or its place in an event. */
type NameForm = string | EventPlace;

export interface OpenChatForm extends StepForm {
  readonly kind: 'openChat';
  readonly chat: string;
  readonly key: ChatKeyForm;
  readonly as: string;
  readonly name: NameForm;
  readonly with: readonly { readonly userId: UserIdForm; readonly role: string; readonly name: NameForm }[];
}

const nameForm: z.ZodType<NameForm> = z
  .union([z.string().min(1).max(NAME_LENGTH), eventPlace], 'must be a name, or { var } with its place in an event')
  .meta({ description: 'What the others see, such as a first name, at most 40 characters, or its place in an event' });

export const OPEN_CHAT: StepType<'openChat', OpenChatForm> = {
  kind: 'openChat',
  bind: (perform) => (step, chat, opening) => perform(step, () => openChat(chat, opening)),
  describe: (outcome) => (isRefused(outcome) ? 'refused' : 'opened'),
  figure: 'reason',
  steer:
    (j, { notes }) =>
    (step, chat, opening) => {
      notes.talks(step, chatNameOf(chat), [opening.as, ...opening.with.map(({ role }) => role)]);
      return j.openChat(step, chat, opening);
    },
  json: {
    schema: () =>
      fields({
        kind: z.literal('openChat').meta({ description: 'Opens a conversation between the user and others' }),
        step: stepName,
        chat: chatForm,
        key: chatKeyForm,
        as: roleForm.meta({ description: "The user's own role" }),
        name: nameForm,
        with: z
          .array(
            fields({
              userId: userIdForm.meta({
                description:
                  'The id of a user, at most 200 characters, or its place in an event. An unknown user is created',
              }),
              role: roleForm,
              name: nameForm,
            }),
          )
          .min(1)
          .max(MOST_ROLES - 1)
          .meta({ description: 'The other people, each in a role of their own' }),
      }),
    async play({ step, chat, key, as, name: ownName, with: others }, j, { waits }) {
      const events = readEvents(j, waits);
      await j.openChat(step, chat, {
        key: valueOf(key, events) as string,
        as,
        name: valueOf(ownName, events) as string,
        with: others.map(({ userId, role, name: shown }) => ({
          userId: valueOf(userId, events) as string,
          role,
          name: valueOf(shown, events) as string,
        })),
      });
      return [];
    },
    reads: ({ key, name: ownName, with: others }) => [
      ...factsReadBy(key, ['key']),
      ...factsReadBy(ownName, ['name']),
      ...others.flatMap(({ userId, name: shown }, n) => [
        ...factsReadBy(userId, ['with', n, 'userId']),
        ...factsReadBy(shown, ['with', n, 'name']),
      ]),
    ],
  },
};
