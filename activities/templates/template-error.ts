/** Thrown for a template that is missing, can't be compiled or renders to invalid content. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';

  /** @param problems one sentence each, for the template's author */
  constructor(readonly problems: readonly string[]) {
    super(problems.join('; '));
  }
}
