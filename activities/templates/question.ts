import type { TemplateContext } from '../../engine/definitions/template-use';
import type { InAppContent } from './content';
import { chat } from './in-app/chat';
import type { Template } from './template';
import { TemplateError } from './template-error';

/** The template of questions that journeys ask. They have no file: all is in the data of the message. */
export const QUESTION: Template<InAppContent> = {
  fields: {},
  written: null,
  render({ data }: TemplateContext) {
    const { text, choices } = (data['question'] ?? {}) as { readonly text?: unknown; readonly choices?: unknown };
    const content = chat.safeParse({ kind: 'chat', body: text, choices });
    if (!content.success) throw new TemplateError(['the data has no question with a text and choices']);
    return content.data;
  },
  flaws: () => [],
};
