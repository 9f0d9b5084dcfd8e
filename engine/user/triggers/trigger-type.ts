import type { EventDefinition } from '../../authoring/event';
import type { Journey } from '../../authoring/journey';
import type { FormSchema, JsonForm, Lookup, NamedEvent } from '../../authoring/json-fields';
import type { Trigger } from '../../authoring/trigger';
import type { RecordedEvent, UserEvent } from '../../model/state';
import type { Draft } from '../draft';
import type { Admission } from '../entry';
import type { Schedule } from '../schedules';

/** What may let a user enter a journey at an instant: an event, a stage they enter, or the passing of time. */
export type Occasion =
  | { readonly kind: 'event'; readonly event: UserEvent }
  | {
      readonly kind: 'stage';
      readonly stage: string;
      /** The event that changed the stage; null if time did. */
      readonly cause: UserEvent | null;
      /** How long before it became known the change happened, milliseconds. */
      readonly age: number;
    }
  | { readonly kind: 'time' };

/** An example of the event that lets a user enter. The label is empty if there is only one example. */
export type ExampleTrigger = readonly [label: string, trigger: RecordedEvent];

/**
 * Everything the engine knows about one kind of trigger. To add a kind, write one file that exports such an object, and list it
 * in `triggers/index.ts`.
 */
export interface TriggerType<T extends Trigger = Trigger, Form extends JsonForm = JsonForm> {
  readonly kind: string;
  /** The trigger in words, for diagrams and reports. */
  text(trigger: T): string;
  /** The events of the catalogue that it names. */
  events(trigger: T): readonly EventDefinition<unknown>[];
  /** The events that it counts. Default: none. */
  counts?(trigger: T): readonly EventDefinition<unknown>[];
  /**
   * The names of the events any of which can let a user enter. `explore` then enters by sending one, otherwise by hand; a new
   * workflow shows the journey at once. Default: none.
   */
  entersByEvent?(trigger: T): readonly string[];
  /** The stage that it names. A rule of the lifecycle must lead to it. Default: none. */
  stage?(trigger: T): string;

  /** The admissions at this occasion. It changes nothing: `entry.ts` applies them. `logicalTime` is epoch milliseconds. */
  admissions(trigger: T, journey: Journey, occasion: Occasion, draft: Draft, logicalTime: number): readonly Admission[];
  /** When time alone will let the user enter, epoch milliseconds; null for never. Default: users can't enter by time alone. */
  dueAt?(trigger: T, journey: Journey, draft: Draft): number | null;
  /** After how long a silence the user enters, milliseconds. Default: silence lets nobody enter. */
  silenceMs?(trigger: T): number;
  /** The turns at which a date or the calendar lets the user enter. Default: none. */
  schedule?(trigger: T): Schedule;
  /** The names of the events that can let the user enter, or allow a later entry. */
  awaits(trigger: T, journey: Journey, draft: Draft): readonly string[];

  /** Every example that can make a difference. `explore` and the diagrams walk each of them. */
  examples(trigger: T): readonly [ExampleTrigger, ...ExampleTrigger[]];
  /** The events whose properties `explore` also tries with other values. Default: none. */
  varies?(trigger: T): readonly EventDefinition<unknown>[];

  /** How the trigger is written in a journey made of data. */
  readonly json: {
    readonly schema: FormSchema<Form>;
    read(form: Form, event: Lookup): T;
    /** The events that the form names, with their places. */
    events(form: Form): readonly NamedEvent[];
  };
}

/** The only example of a trigger that is not an event. */
export function exampleNamed(name: string): ExampleTrigger {
  return ['', { id: 'example', name, at: 0, properties: {} }];
}
