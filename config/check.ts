import type { Definitions } from '../engine/definitions';
import type { Journey, Steps } from '../engine/journey';
import type { JsonObject } from '../engine/json';
import { exampleTrigger, outline } from '../engine/outline';
import type { ChannelName } from '../engine/state';

/** Where a journey uses a template, and an example of what the template may use there. */
export interface TemplateUse {
  readonly journey: string;
  readonly step: string;
  readonly channel: ChannelName;
  readonly name: string;
  readonly context: {
    readonly user: { readonly id: string; readonly traits: JsonObject; readonly stage: string };
    readonly event: { readonly name: string; readonly properties: JsonObject };
    readonly data: JsonObject;
    readonly links: { readonly unsubscribe: string; readonly app: string };
  };
}

const LINKS = { unsubscribe: 'https://example.com/unsubscribe', app: 'https://example.com' };

/**
 * Everything that is wrong with the journeys and can be known before anyone enters them: mistakes in how steps are called,
 * templates that are missing or use what they won't be given, stages nobody gets into. A sentence for each, naming journey
 * and step; none when all is well.
 * @param checkTemplate says what is wrong with a template where it is used
 */
export async function checkDefinitions(
  definitions: Definitions,
  checkTemplate: (use: TemplateUse) => string[],
): Promise<string[]> {
  const problems = new Set<string>();
  for (const journey of definitions.journeys) {
    for (const { step, message } of definitions.outlines.get(journey.id)?.errors ?? [])
      problems.add(`${journey.id}${step === null ? '' : `, step '${step}'`}: ${message}`);
    const missing = unknownStage(definitions, journey);
    if (missing !== null) problems.add(`${journey.id}: no rule of the lifecycle leads to the stage '${missing}'`);
    for (const to of lostRedirections(definitions, journey))
      problems.add(`${journey.id}, onEdit: there is no step '${to}' to go on at`);
    for (const use of await templateUses(definitions, journey))
      checkTemplate(use).forEach((text) => problems.add(text));
  }
  return [...problems];
}

function unknownStage({ lifecycle }: Definitions, { enter }: Journey): string | null {
  return enter.kind === 'stage' && !lifecycle.rules.some(({ to }) => to === enter.stage) ? enter.stage : null;
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
  const event = exampleTrigger(journey);
  const watched = (j: Steps<never>): Steps<never> => ({
    ...j,
    send: (step, templates, options) => {
      const context = {
        user: { id: 'example', traits, stage: lifecycle.initial },
        event,
        data: options?.data ?? {},
        links: LINKS,
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
