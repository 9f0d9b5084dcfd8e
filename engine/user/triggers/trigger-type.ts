import type { EventDefinition } from '../../authoring/event';
import type { Journey } from '../../authoring/journey';
import type { FormSchema, JsonForm, Lookup, NamedEvent } from '../../authoring/json-fields';
import type { Trigger } from '../../authoring/trigger';
import type { RecordedEvent, UserEvent } from '../../model/state';
import type { Draft } from '../draft';
import type { Admission } from '../entry';

/** What may let a user enter a journey at an instant: an event they did, a stage they came into, or the passing of time. */
export type Occasion =
  | { readonly kind: 'event'; readonly event: UserEvent }
  | {
      readonly kind: 'stage';
      readonly stage: string;
      /** The event that changed the stage; null where time did. */
      readonly cause: UserEvent | null;
    }
  | { readonly kind: 'time' };

/** An example of what lets a user enter. The label is empty where there is only one. */
export type ExampleTrigger = readonly [label: string, trigger: RecordedEvent];

/**
 * Everything the engine knows about one kind of trigger. A new kind is one file that exports such an object, and a line in
 * `triggers/index.ts`.
 */
export interface TriggerType<T extends Trigger = Trigger, Form extends JsonForm = JsonForm> {
  readonly kind: string;
  /** In words, for diagrams and reports. */
  text(trigger: T): string;
  /** The events of the catalogue it names. */
  events(trigger: T): readonly EventDefinition<unknown>[];
  /** The events whose occurrences are counted from the first one on. Default: none. */
  counts?(trigger: T): readonly string[];
  /** The name of the event that lets users in by itself, every time. Default: there is none. */
  letsInAlways?(trigger: T): string;
  /** The stage it names, which a rule of the lifecycle must lead to. Default: none. */
  stage?(trigger: T): string;

  /** Who enters at this occasion, as a plain list. Nothing is changed: `entry.ts` applies it. */
  admissions(trigger: T, journey: Journey, occasion: Occasion, draft: Draft, logicalTime: number): readonly Admission[];
  /** When time alone lets this user enter, epoch milliseconds; null for never. Default: time alone lets nobody enter. */
  dueAt?(trigger: T, journey: Journey, draft: Draft): number | null;
  /** The names of the events that could let this user enter, or open the trigger to them again. */
  awaits(trigger: T, journey: Journey, draft: Draft): readonly string[];

  /** Every example that can make a difference: `explore` and the diagrams walk each. */
  examples(trigger: T): readonly [ExampleTrigger, ...ExampleTrigger[]];
  /** The event of which `explore` also tries other values. Default: none. */
  varies?(trigger: T): EventDefinition<unknown>;

  /** Its form in a journey made of data. */
  readonly json: {
    readonly schema: FormSchema<Form>;
    read(form: Form, event: Lookup): T;
    /** The events the form names, and where. */
    events(form: Form): readonly NamedEvent[];
  };
}

/** The only example of a trigger that is no event. */
export function exampleNamed(name: string): ExampleTrigger {
  return ['', { id: 'example', name, at: 0, properties: {} }];
}
