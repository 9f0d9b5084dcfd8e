import type { Definitions } from '../engine/definitions/definitions';
import type { ChannelSetup } from '../engine/authoring/channel-setup';
import type { Journey, Redirection } from '../engine/authoring/journey';
import { unknownStages } from '../engine/flags/reads';
import { exampleAnswers } from '../engine/outline/example-answers';
import type { MessageContent } from '../engine/replay/steps';
import { exampleMessage } from '../engine/outline/example-links';
import { keyOf } from '../engine/user/history';
import { exampleTriggers, triggerType } from '../engine/user/triggers';
import { endlessCycles } from '../engine/outline/cycles';
import { lostRedirections } from '../engine/outline/declared-steps';
import { NO_CHANNEL } from '../engine/outline/no-channel';
import { outline } from '../engine/outline/outline';
import { unsentSteps } from './channel-setups';
import { withoutSecrets } from '../engine/model/forgetting';
import type { ChannelName } from '../engine/model/state';
import { CheckedOnce } from '../engine/definitions/checked-once';
import type { CheckTemplate, TemplateContext, TemplateUse } from '../engine/definitions/template-use';

/** A problem of a journey: a sentence that names the journey, and where the problem is. */
export interface JourneyProblem {
  readonly text: string;
  readonly step: string | null;
  /** The channel of the template with the problem; null for any other problem. */
  readonly channel: ChannelName | null;
}

/** Definitions, and how channels send, as far as the team says it. Without the latter no step is found that can't send. */
export type CheckedDefinitions = Definitions & { readonly setups?: readonly ChannelSetup[] };

/**
 * Checks the journeys for problems that are known before users enter: wrong calls of steps, templates that are missing or use
 * unknown variables, channels that nothing sets up, and stages that no rule leads to, also in flags.
 * @param checkTemplate says what is wrong with a template where it is used
 * @returns one sentence per problem, which names the journey and the step, or the flag; empty when there are no problems
 */
export async function checkDefinitions(
  definitions: CheckedDefinitions,
  checkTemplate: CheckTemplate,
): Promise<string[]> {
  const problems = await problemsOfAll(definitions, checkTemplate);
  return [...new Set(problems.map(({ text }) => text))];
}

/** Checks the journeys in the same way, and returns each problem with its place. `journey` is null for a problem of a flag. */
export async function problemsOfAll(
  definitions: CheckedDefinitions,
  checkTemplate: CheckTemplate,
): Promise<(JourneyProblem & { readonly journey: string | null })[]> {
  const problems = await Promise.all(
    definitions.journeys.map(async (journey) => {
      const own = await problemsOf(definitions, journey, checkTemplate);
      return own.map((problem) => ({ ...problem, journey: journey.id }));
    }),
  );
  const ofFlags = unknownStages(definitions).map((text) => ({ text, step: null, channel: null, journey: null }));
  return [...problems.flat(), ...unsentProblems(definitions), ...ofFlags];
}

function unsentProblems({
  setups,
  ...definitions
}: Pick<CheckedDefinitions, 'journeys' | 'outlines' | 'setups'>): (JourneyProblem & { readonly journey: string })[] {
  return (setups ? unsentSteps(definitions, setups) : []).map(({ text, ...at }) => ({
    ...at,
    text: `${at.journey}, step '${at.step}' ${text}`,
    channel: null,
  }));
}

/**
 * Checks a stored journey in the same way: the code may have changed since it was published. Of its former versions, which users
 * no longer enter, only the templates are checked.
 */
export async function checkStored(
  definitions: CheckedDefinitions,
  journey: Journey,
  checkTemplate: CheckTemplate,
): Promise<string[]> {
  const current = await problemsOf(definitions, journey, checkTemplate);
  const former = await Promise.all(
    (journey.stored?.former ?? []).map((one) => templateProblems(definitions, one, checkTemplate)),
  );
  const unsent = unsentProblems({ ...definitions, journeys: [journey] });
  return [...new Set([...current, ...unsent, ...former.flat()].map(({ text }) => text))];
}

/** Checks one journey in the same way, and returns each problem with its place. */
export async function problemsOf(
  definitions: Definitions,
  journey: Journey,
  checkTemplate: CheckTemplate,
): Promise<JourneyProblem[]> {
  const { id } = journey;
  const errors = definitions.outlines.get(id)?.errors ?? [];
  const missing = unknownStage(definitions, journey);
  const cycle = endlessCycles(definitions).get(id);
  return [
    ...errors.map(({ step, message }) => ({
      text: `${id}${step === null ? '' : `, step '${step}'`}: ${message}`,
      step,
      channel: null,
    })),
    ...(missing === null
      ? []
      : [{ text: `${id}: no rule of the lifecycle leads to the stage '${missing}'`, step: null, channel: null }]),
    ...(cycle === undefined ? [] : [{ text: cycle, step: null, channel: null }]),
    ...forgottenKeys(journey).map((name) => ({
      text: `${id}: the key is made of a property that '${name}' forgets`,
      step: null,
      channel: null,
    })),
    ...redirectionsLost(definitions, journey).map(({ from, to }) => ({
      text: `${id}, onEdit: there is no step '${to}' to move users to from '${from}'`,
      step: null,
      channel: null,
    })),
    ...(await templateProblems(definitions, journey, checkTemplate)),
  ];
}

/**
 * Checks a new journey beside all others: whether they lead to one another without end, and whether the journeys that it starts
 * exist. A journey that is in force already may start one that is not, because stored journeys come and go.
 * @param definitions all journeys, the new one included
 */
export function problemsBesideOthers(definitions: Definitions, { id }: Journey): JourneyProblem[] {
  const cycle = endlessCycles(definitions).get(id);
  return [
    ...(cycle === undefined ? [] : [{ text: cycle, step: null, channel: null }]),
    ...unknownStarts(definitions, id),
  ];
}

/** The steps of a journey that start one that is not there. A stored journey may be published later, so the journey can run. */
export function unknownStarts({ journeys, outlines }: Definitions, id: string): JourneyProblem[] {
  const known = new Set(journeys.map((journey) => journey.id));
  return (outlines.get(id)?.steps ?? []).flatMap(({ step, starts }) =>
    starts === undefined || known.has(starts)
      ? []
      : [{ text: `${id}, step '${step}': there is no journey '${starts}' to start`, step, channel: null }],
  );
}

async function templateProblems(
  definitions: Definitions,
  journey: Journey,
  checkTemplate: CheckTemplate,
): Promise<JourneyProblem[]> {
  const { uses, withoutChannel } = await templateUses(definitions, journey);
  const checks = new CheckedOnce(checkTemplate);
  const silent = withoutChannel.map((step) => ({
    text: `${journey.id}, step '${step}': ${NO_CHANNEL}`,
    step,
    channel: null,
  }));
  const wrong = uses.flatMap(({ context: { steps, ...context }, ...use }) =>
    checks.problemsOf({ ...use, context }, () => steps).map((text) => ({ text, step: use.step, channel: use.channel })),
  );
  return [...silent, ...wrong];
}

function unknownStage({ lifecycle }: Definitions, { enter }: Journey): string | null {
  const stage = triggerType(enter).stage?.(enter);
  return stage !== undefined && !lifecycle.rules.some(({ to }) => to === stage) ? stage : null;
}

/** The events whose key is made of what they forget: a run would keep it, and the event would have another key later. */
function forgottenKeys(journey: Journey): string[] {
  return exampleTriggers(journey).flatMap(([, trigger]) =>
    keyOf(journey, trigger) === keyOf(journey, withoutSecrets(trigger)) ? [] : [trigger.name],
  );
}

/** The redirections of `onEdit` that lead nowhere. Empty when not every path was explored. */
function redirectionsLost({ outlines }: Definitions, journey: Journey): readonly Redirection[] {
  const outline = outlines.get(journey.id);
  if (!outline || outline.truncated) return [];
  return lostRedirections(journey, new Set(outline.steps.map(({ step }) => step)));
}

/** The most different answers with which one send of a journey is checked at start. `explore` checks all of them. */
const MAX_ANSWERS = 20;

type Answers = TemplateContext['steps'];

interface TemplateUses {
  readonly uses: readonly TemplateUse[];
  /** The steps that send a message without a template. */
  readonly withoutChannel: readonly string[];
}

/** Every use of a template on any path of a journey: each variant of an experiment may name another template. */
async function templateUses({ traits, lifecycle }: Definitions, journey: Journey): Promise<TemplateUses> {
  const sends = new Map<string, { step: string; message: MessageContent; answers: Map<string, Answers> }>();
  const [[, trigger]] = exampleTriggers(journey);
  const event = withoutSecrets(trigger);
  const outlined = await outline(journey, traits, (step, message, passed) => {
    const key = JSON.stringify([step, message]);
    const send = sends.get(key) ?? { step, message, answers: new Map<string, Answers>() };
    sends.set(key, send);
    if (send.answers.size === MAX_ANSWERS) return;
    const answers = passed();
    send.answers.set(JSON.stringify(answers), answers);
  });
  const user = { id: 'example', traits, stage: lifecycle.initial };
  const uses = [...sends.values()].flatMap(({ step, message, answers }) =>
    [...answers.values()].flatMap((passed) => {
      const steps = exampleAnswers(outlined, passed);
      const context = { user, event, steps, ...exampleMessage(message.data, traits, event.name) };
      const named = Object.entries(message.templates) as [ChannelName, string][];
      return named.map(([channel, name]) => ({ journey: journey.id, step, channel, name, context }));
    }),
  );
  const silent = [...sends.values()].filter(({ message }) => Object.keys(message.templates).length === 0);
  return { uses, withoutChannel: [...new Set(silent.map(({ step }) => step))] };
}
