import type { EventDefinition } from '../authoring/event';
import { endedJourney } from '../model/ended';
import { followedTrait, isInstant, type When } from '../model/instant';
import type { ChannelName } from '../model/state';
import type { Notes } from '../replay/steps';

/** What the steps of a journey ask for, on all paths together. */
export class StepNotes implements Notes {
  /** The sends that name no template. */
  readonly withoutChannel = new Set<string>();
  /** The steps that wait until an instant, or for a time of day in a trait: only data says how long. */
  readonly timedByData = new Set<string>();
  /** The traits with the times that end a step, by the step. */
  readonly traits = new Map<string, Set<string>>();
  /** The ids of the journeys that a step starts, by the step. */
  readonly started = new Map<string, Set<string>>();
  /** Those of them that the code gives as text. */
  readonly startedById = new Set<string>();
  /** The ids of the journeys whose end a step awaits, by the step. */
  readonly ended = new Map<string, Set<string>>();
  /** The chats that a step names, with the roles there, by the step. */
  readonly chats = new Map<string, Map<string, Set<string>>>();
  /** The topics that messages name, by the step. */
  readonly topics = new Map<string, Set<string>>();
  /** What the ways out of a wait are called, by the step. */
  readonly labels = new Map<string, readonly string[]>();

  sends(step: string, templates: Readonly<Partial<Record<ChannelName, string>>>, topic: string | undefined): void {
    if (Object.keys(templates).length === 0) this.withoutChannel.add(step);
    if (topic !== undefined) add(this.topics, step, topic);
  }

  endsAt(step: string, when: When): void {
    const trait = followedTrait(when);
    if (trait !== null) add(this.traits, step, trait);
    if (trait !== null || isInstant(when)) this.timedByData.add(step);
  }

  calls(step: string, labels: readonly string[]): void {
    this.labels.set(step, labels);
  }

  starts(step: string, journey: string | { readonly id: string }): void {
    const id = typeof journey === 'string' ? journey : journey.id;
    if (journey === id) this.startedById.add(id);
    add(this.started, step, id);
  }

  talks(step: string, chat: string, roles: readonly string[]): void {
    const chats = this.chats.get(step) ?? new Map<string, Set<string>>();
    chats.set(chat, new Set([...(chats.get(chat) ?? []), ...roles]));
    this.chats.set(step, chats);
  }

  awaits(step: string, events: readonly EventDefinition<unknown>[]): void {
    for (const { name } of events) {
      const journey = endedJourney(name);
      if (journey !== null) add(this.ended, step, journey);
    }
  }
}

function add(byStep: Map<string, Set<string>>, step: string, value: string): void {
  byStep.set(step, (byStep.get(step) ?? new Set()).add(value));
}
