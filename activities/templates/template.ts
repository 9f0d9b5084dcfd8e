import type { JsonObject } from '../../engine/json';
import type { LiquidText } from './liquid';

/** What a template may use: the user's current facts, what let them enter, the step's own values and links to put in. */
export interface TemplateContext {
  readonly user: { readonly id: string; readonly traits: JsonObject; readonly stage: string };
  readonly event: { readonly name: string; readonly properties: JsonObject };
  readonly data: JsonObject;
  readonly links: { readonly unsubscribe: string; readonly app: string };
}

/** A template, compiled: rendering costs microseconds. */
export interface Template<Content> {
  /** Every piece of Liquid in it, by the name of its field. */
  readonly fields: Readonly<Record<string, LiquidText>>;
  /**
   * The content for one message.
   * @throws {TemplateError} when what comes out is not fit to send
   */
  render(context: TemplateContext): Content;
}

/** A template that is missing, can't be compiled or does not render to fit content; each problem is a sentence for its author. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';

  constructor(readonly problems: readonly string[]) {
    super(problems.join('; '));
  }
}
