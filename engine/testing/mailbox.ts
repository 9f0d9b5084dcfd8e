import type { TemplateContext, TemplateUse } from '../definitions/template-use';
import { withoutSecrets } from '../model/forgetting';
import type { JsonObject } from '../model/json';
import type { Message } from '../model/state';
import { answersBefore } from '../replay/answers';
import { exampleMessage } from '../outline/example-links';
import type { MemoryHost } from './memory-host';

/** A message as the person gets it. */
export interface MailboxMessage extends Message {
  /** The subject of an email; the title of a notification or in-app message. */
  readonly subject: string;
  /** The text part of an email; the body of a notification or in-app message. */
  readonly text: string;
  /** The HTML of an email; otherwise empty. */
  readonly html: string;
  /** All fields of the rendered template. */
  readonly content: JsonObject;
}

/** Renders the template of a message. */
export type Render = (use: Omit<TemplateUse, 'step'>) => JsonObject;

/** The messages that a person got, rendered when they were sent. */
export class Mailbox {
  private readonly rendered = new Map<string, MailboxMessage>();

  constructor(private readonly templates: Promise<Render> | undefined) {}

  /** @throws {Error} when there are no templates */
  get all(): readonly MailboxMessage[] {
    if (!this.templates) throw new Error("Expected the option templates: templatesIn('journeys').");
    return [...this.rendered.values()];
  }

  /** Renders the messages that are new, with what is known of the person now. */
  async renderNew(messages: readonly Message[], { state, runs }: MemoryHost): Promise<void> {
    const render = await this.templates;
    if (!render) return;
    const user = { id: state.id, traits: state.traits, stage: state.memory?.stage ?? '' };
    for (const message of messages.filter(({ id }) => !this.rendered.has(id))) {
      const run = runs.find(({ id }) => id === message.runId);
      const event = run ? withoutSecrets(run.trigger) : { name: '', properties: {} };
      const steps = run ? answersBefore(run, message.step) : {};
      const context = { user, event, steps, ...exampleMessage(message.data, user.traits, event.name) };
      this.rendered.set(message.id, toMailbox(message, context, render));
    }
  }
}

function toMailbox(message: Message, context: TemplateContext, render: Render): MailboxMessage {
  const { journey, channel, template: name } = message;
  const content = render({ journey, channel, name, context });
  const textOf = (field: string): string => (typeof content[field] === 'string' ? content[field] : '');
  return {
    ...message,
    subject: textOf(channel === 'email' ? 'subject' : 'title'),
    text: textOf(channel === 'email' ? 'text' : 'body'),
    html: textOf('html'),
    content,
  };
}
