import type { JsonObject } from '../model/json';
import type { ChannelName } from '../model/state';

/** What a template may use: the user's current facts, what let them enter, the step's own values and links to put in. */
export interface TemplateContext {
  readonly user: { readonly id: string; readonly traits: JsonObject; readonly stage: string };
  readonly event: { readonly name: string; readonly properties: JsonObject };
  readonly data: JsonObject;
  readonly links: { readonly unsubscribe: string; readonly app: string };
}

/** Where a journey uses a template, and an example of what the template may use there. */
export interface TemplateUse {
  readonly journey: string;
  readonly step: string;
  readonly channel: ChannelName;
  readonly name: string;
  readonly context: TemplateContext;
}

/** Says what is wrong with a template where it is used, a sentence each: the engine renders nothing itself. */
export type CheckTemplate = (use: TemplateUse) => string[];
