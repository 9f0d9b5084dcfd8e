import type { TemplateContext } from '../../engine/definitions/template-use';
import type { LiquidText } from './liquid';

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
