import type { Json, JsonObject } from '../model/json';
import type { ChannelName } from '../model/state';

/**
 * What a template may use: facts of the user, the event that let them enter, the step's `data`, the answers of the steps before it,
 * and links.
 */
export interface TemplateContext {
  readonly user: { readonly id: string; readonly traits: JsonObject; readonly stage: string };
  readonly event: { readonly name: string; readonly properties: JsonObject };
  readonly data: JsonObject;
  /** The answers of the run's steps before the message, by name. An example has null for a step that it did not pass. */
  readonly steps: Readonly<Record<string, Json>>;
  /**
   * Of a message that asks a question, also the address that answers with each choice, by its value. Of one that `Confirmation Requested`
   * led to, also `confirm`.
   */
  readonly links: {
    readonly unsubscribe: string;
    readonly preferences: string;
    readonly app: string;
    readonly [choice: string]: string;
  };
}

/** A use of a template in a journey, with an example of what the template may use there. */
export interface TemplateUse {
  readonly journey: string;
  readonly step: string;
  readonly channel: ChannelName;
  readonly name: string;
  readonly context: TemplateContext;
}

/** Checks a template for one use of it, since the engine renders no templates. It returns one sentence for each problem. */
export type CheckTemplate = (use: TemplateUse) => string[];
