import type { JsonObject } from '../model/json';
import { REACTIONS, reactionProperties } from '../model/message-reaction';
import type { Message, Run } from '../model/state';

/** The properties of a reaction to the latest message of a step in the app. `name` is that of its event. */
export function reactionTo(
  { messages, runs }: { readonly messages: readonly Message[]; readonly runs: readonly Run[] },
  step: string,
  name: string,
  value: string | undefined,
): JsonObject {
  const message = messages.findLast((one) => one.step === step && one.channel === 'inApp');
  if (!message) throw new Error(`No message of step '${step}' went out in the app.`);
  if (name === REACTIONS.answered && value === undefined)
    throw new Error(`An answer needs a value: react('${step}', answered, 'yes').`);
  const { runId: run, card } = message;
  const key = runs.find(({ id }) => id === run)?.key ?? null;
  return reactionProperties({ ...message, run, key, slot: card?.slot ?? null }, value);
}
