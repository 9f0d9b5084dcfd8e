import type { Json } from '../../engine/model/json';
import type { TemplateContext } from '../../engine/definitions/template-use';
import type { LiquidText } from './liquid';
import type { Parts } from './parts';
import type { Passage } from './passage';

/** The file of a template. */
export interface TemplateFile {
  readonly source: Passage;
  readonly path: string;
  /** The folder of the shared templates, from which `mj-include` may take files, too. */
  readonly shared: string;
  /** The partials and layouts that the template may use. */
  readonly parts: Parts;
}

/** What a template of YAML says, before anything is rendered. */
export interface Written {
  readonly value: Json;
  /** Names the file and line of the value at a path, such as `choices.0.label`. */
  readonly at: (path: string) => string;
}

/** A compiled template. Rendering costs microseconds, and is limited by `LIMITS`. */
export interface Template<Content> {
  /** Every Liquid text of the template, by the name of its field. */
  readonly fields: Readonly<Record<string, LiquidText>>;
  /** Null for an email, and for a template without a file. */
  readonly written: Written | null;
  /**
   * Renders the content of one message.
   * @throws {TemplateError} when the content is not fit to send
   */
  render(context: TemplateContext): Content;
  /**
   * Finds what is wrong with content that can be sent, but would not arrive as it was meant.
   * @returns one sentence for each flaw
   */
  flaws(content: Content): string[];
}
