import { z } from 'zod';
import { fields } from '../../authoring/fields';
import { stepName } from '../../authoring/json-fields';
import type { Chat } from '../../chats/chat';
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
  type ChatKeyForm,
} from './chat-change';
import { readEvents } from './read-events';
import { instant, SILENT, type StepCall, type StepForm, type StepType } from './step-type';
import { factsReadBy, valueOf } from './value-forms';

const REFUSALS = { chat: NO_CHAT, key: NO_KEY } as const;

/** Closes a conversation. One that is not open stays as it is. */
function closeChat(given: string | Chat, { key: givenKey }: { readonly key: string | number }): StepCall<void> {
  const chat = chatNameOf(given);
  return instant({ kind: 'closeChat', text: chat, ...SILENT }, (context) => {
    const declared = declaredChat(context.definitions, chat);
    const key = chatKeyOf(givenKey);
    if (declared && key !== null) changeChat(context, { chat, key, keepMs: declared.keepMs, participants: null });
    const refused = !declared ? 'chat' : key === null ? 'key' : null;
    return { outcome: { chat, key, refused }, reason: refused === null ? chat : `${chat}: ${REFUSALS[refused]}` };
  });
}

export interface CloseChatForm extends StepForm {
  readonly kind: 'closeChat';
  readonly chat: string;
  readonly key: ChatKeyForm;
}

export const CLOSE_CHAT: StepType<'closeChat', CloseChatForm> = {
  kind: 'closeChat',
  bind: (perform) => (step, chat, conversation) => perform(step, () => closeChat(chat, conversation)),
  describe: (outcome) => (isRefused(outcome) ? 'refused' : 'closed'),
  figure: 'reason',
  steer:
    (j, { notes }) =>
    (step, chat, conversation) => {
      notes.talks(step, chatNameOf(chat), []);
      return j.closeChat(step, chat, conversation);
    },
  json: {
    schema: () =>
      fields({
        kind: z.literal('closeChat').meta({ description: 'Closes a conversation: nothing can be said in it any more' }),
        step: stepName,
        chat: chatForm,
        key: chatKeyForm,
      }),
    async play({ step, chat, key }, j, { waits }) {
      await j.closeChat(step, chat, { key: valueOf(key, readEvents(j, waits)) as string });
      return [];
    },
    reads: ({ key }) => factsReadBy(key, ['key']),
  },
};
