import { questionIn } from '../authoring/question';
import type { JsonObject } from '../model/json';
import { reactionProperties } from '../model/message-reaction';
import { waitingRecord } from '../model/run';
import type { MemoryHost } from '../testing/memory-host';
import type { Random } from '../testing/random';
import { goalNames } from '../authoring/journey';
import type { Message } from '../model/state';
import type { Behavior, Reaction } from './population';

/**
 * Draws a person's reaction to a message.
 * @param interest the part of their usual rates, from 0 to 1
 * @returns null when the person does not open the message
 */
export function reactionTo(
  { open, click, optOut }: Reaction,
  random: Random,
  interest: number,
): 'open' | 'click' | 'opt out' | null {
  const chance = random.between(0, 1);
  if (chance >= open * interest) return null;
  if (chance < click * interest) return 'click';
  return chance < (click + optOut) * interest ? 'opt out' : 'open';
}

/**
 * Finds the behavior that a message asks for: one with an event that the journey awaits, or with its goal.
 * @returns undefined when none of the behaviors is
 */
export function askedFor(
  { runId }: Message,
  { state, definitions }: Pick<MemoryHost, 'state' | 'definitions'>,
  behaviors: readonly Behavior[],
): Behavior | undefined {
  const run = state.runs.find(({ id }) => id === runId);
  if (!run) return undefined;
  const awaits = waitingRecord(run)?.awaits ?? [];
  const goal = definitions.journeys.find(({ id }) => id === run.journey)?.goal;
  const names = [...awaits, ...(goal && run.goalAt === null ? goalNames(goal) : [])];
  return behaviors.find(({ event }) => names.includes(event.name));
}

/**
 * What a person does with the question that a message asks: they see it, and may take one of its choices, each as likely as the others.
 * @returns the properties of the events; null when the message asks no question
 */
export function toQuestion({
  id,
  journey,
  runId,
  data,
}: Message): { readonly seen: JsonObject; answered(random: Random): JsonObject } | null {
  const question = questionIn(data);
  if (!question) return null;
  const asked = { id, journey, step: question.step, run: runId, key: null, slot: null };
  return {
    seen: reactionProperties(asked),
    answered: (random) => reactionProperties(asked, { value: random.pick(question.choices).value }),
  };
}
