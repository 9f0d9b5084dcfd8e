import type { AnyOf, EventDefinition } from '../authoring/event';
import type { Journey } from '../authoring/journey';
import type { Json, JsonObject } from '../model/json';
import type { RecordedEvent, StepKind } from '../model/state';
import type { StepDetail } from '../replay/steps/index';
import type { MilestoneTrigger } from '../authoring/trigger';

/** What stands for the links of a message, which only the server knows. */
export const EXAMPLE_LINKS = { unsubscribe: 'https://example.com/unsubscribe', app: 'https://example.com' };

/** A way out of a wait: its label, and the event that takes it; null for the timeout. */
export type WayOut = readonly [label: string, event: RecordedEvent | null];

/** The ways out of a wait: the events it awaits, each by its example, and the timeout. */
export function waysOut(awaited: EventDefinition<unknown> | AnyOf, bounded: boolean): WayOut[] {
  const events = definitionsOf(awaited).map((definition): WayOut => [definition.name, exampleOf(definition)]);
  return bounded ? [...events, ['timeout', null]] : events;
}

/** What a step can answer, each with the label of its branch. */
export function outcomes(
  kind: StepKind,
  { awaited, bounded, variants, pick }: StepDetail,
  traits: JsonObject,
): (readonly [string, Json])[] {
  switch (kind) {
    case 'waitFor':
      return awaited ? waysOut(awaited, bounded === true).map(([label, event]) => [label, event && { ...event }]) : [];
    case 'check':
      return [
        ['yes', true],
        ['no', false],
      ];
    case 'experiment':
      return (variants ?? []).map((variant) => [variant, variant]);
    case 'pick':
      return [
        [
          '',
          pick?.({
            now: 0,
            user: { id: 'example', traits, stage: '', createdAt: 0, lastSeenAt: 0, points: 0, badges: [], flags: {} },
          }) ?? null,
        ],
      ];
    default:
      return [['', null]];
  }
}

/** The definitions of the events awaited. */
export function definitionsOf(awaited: EventDefinition<unknown> | AnyOf): readonly EventDefinition<unknown>[] {
  return awaited.kind === 'anyOf' ? awaited.events : [awaited];
}

function exampleOf({ name, example }: EventDefinition<unknown>): RecordedEvent {
  return { id: 'example', name, at: 0, properties: example };
}

/** An example of what lets a user enter, for diagrams, template checks and tests. */
export function exampleTrigger({ enter }: Journey): RecordedEvent {
  if (enter.kind === 'event') return exampleOf(enter);
  if (enter.kind !== 'milestone') return { id: 'example', name: enter.kind, at: 0, properties: {} };
  return atCount(enter, enter.counts[0] ?? 1);
}

/** Everything that lets a user enter and can make a difference: each count of a milestone. The label is empty for the only one. */
export function exampleTriggers(journey: Journey): (readonly [label: string, trigger: RecordedEvent])[] {
  const { enter } = journey;
  if (enter.kind !== 'milestone' || enter.counts.length === 1) return [['', exampleTrigger(journey)]];
  return enter.counts.map((count) => [`count ${count}`, atCount(enter, count)]);
}

function atCount({ event }: MilestoneTrigger, count: number): RecordedEvent {
  const example = exampleOf(event);
  return { ...example, properties: { ...example.properties, count } };
}
