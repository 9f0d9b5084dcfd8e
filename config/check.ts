import type { Definitions } from '../engine/definitions/definitions';
import type { Journey, Steps } from '../engine/authoring/journey';
import { EXAMPLE_LINKS } from '../engine/outline/examples';
import { exampleTriggers, triggerType } from '../engine/user/triggers';
import { outline } from '../engine/outline/outline';
import type { ChannelName } from '../engine/model/state';
import type { CheckTemplate, TemplateUse } from '../engine/definitions/template-use';

/** Something wrong with a journey: a sentence that names it, and where it is. */
export interface JourneyProblem {
  readonly text: string;
  readonly step: string | null;
  /** Set where the template of one channel is at fault. */
  readonly channel: ChannelName | null;
}

/**
 * Everything that is wrong with the journeys and can be known before anyone enters them: mistakes in how steps are called,
 * templates that are missing or use what they won't be given, stages nobody gets into. A sentence for each, naming journey
 * and step; none when all is well.
 * @param checkTemplate says what is wrong with a template where it is used
 */
export async function checkDefinitions(definitions: Definitions, checkTemplate: CheckTemplate): Promise<string[]> {
  const problems = await Promise.all(
    definitions.journeys.map((journey) => problemsOf(definitions, journey, checkTemplate)),
  );
  return [...new Set(problems.flat().map(({ text }) => text))];
}

/**
 * The same of a journey that is stored as data, which may have been published beside other code. Of former versions, by which
 * nobody enters, only the templates.
 */
export async function checkStored(
  definitions: Definitions,
  journey: Journey,
  checkTemplate: CheckTemplate,
): Promise<string[]> {
  const present = await problemsOf(definitions, journey, checkTemplate);
  const former = await Promise.all(
    (journey.stored?.former ?? []).map((one) => templateProblems(definitions, one, checkTemplate)),
  );
  return [...new Set([...present, ...former.flat()].map(({ text }) => text))];
}

/** The same of one journey, with the place of each. */
export async function problemsOf(
  definitions: Definitions,
  journey: Journey,
  checkTemplate: CheckTemplate,
): Promise<JourneyProblem[]> {
  const { id } = journey;
  const errors = definitions.outlines.get(id)?.errors ?? [];
  const missing = unknownStage(definitions, journey);
  return [
    ...errors.map(({ step, message }) => ({
      text: `${id}${step === null ? '' : `, step '${step}'`}: ${message}`,
      step,
      channel: null,
    })),
    ...(missing === null
      ? []
      : [{ text: `${id}: no rule of the lifecycle leads to the stage '${missing}'`, step: null, channel: null }]),
    ...lostRedirections(definitions, journey).map((to) => ({
      text: `${id}, onEdit: there is no step '${to}' to go on at`,
      step: null,
      channel: null,
    })),
    ...(await templateProblems(definitions, journey, checkTemplate)),
  ];
}

async function templateProblems(
  definitions: Definitions,
  journey: Journey,
  checkTemplate: CheckTemplate,
): Promise<JourneyProblem[]> {
  const uses = await templateUses(definitions, journey);
  return uses.flatMap((use) => checkTemplate(use).map((text) => ({ text, step: use.step, channel: use.channel })));
}

function unknownStage({ lifecycle }: Definitions, { enter }: Journey): string | null {
  const stage = triggerType(enter).stage?.(enter);
  return stage !== undefined && !lifecycle.rules.some(({ to }) => to === stage) ? stage : null;
}

/** Steps people would be sent to that no path has; none where not every path was walked. */
function lostRedirections({ outlines }: Definitions, { id, onEdit = [] }: Journey): string[] {
  const outline = outlines.get(id);
  if (!outline || outline.truncated) return [];
  return onEdit.map(({ to }) => to).filter((to) => !outline.steps.some(({ step }) => step === to));
}

/** Every template a journey could send, on any path: the variants of an experiment may name one each. */
async function templateUses({ traits, lifecycle }: Definitions, journey: Journey): Promise<TemplateUse[]> {
  const uses = new Map<string, TemplateUse>();
  const [[, event]] = exampleTriggers(journey);
  const watched = (j: Steps<never>): Steps<never> => ({
    ...j,
    send: (step, templates, options) => {
      const context = {
        user: { id: 'example', traits, stage: lifecycle.initial },
        event,
        data: options?.data ?? {},
        links: EXAMPLE_LINKS,
      };
      for (const [channel, name] of Object.entries(templates) as [ChannelName, string][])
        uses.set(JSON.stringify([step, channel, name, context.data]), {
          journey: journey.id,
          step,
          channel,
          name,
          context,
        });
      return j.send(step, templates, options);
    },
  });
  await outline({ ...journey, run: (j) => journey.run(watched(j)) }, traits);
  return [...uses.values()];
}
