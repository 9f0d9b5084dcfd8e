import { checkTemplate } from '../activities/templates/check';
import { loadTemplates, type Templates } from '../activities/templates/load';
import { templatesRoots } from '../config/definitions-files';
import type { Journey } from '../engine/authoring/journey';
import { explore as walk, type Defect, type Exploration, type ExploreOptions } from '../engine/explore';

/**
 * Walks every path of a journey, and checks the templates that it sends.
 * @param options `folder`: the folder of the journeys, with the templates beside them. Default: `JOURNEYS`, as for the server, else
 * `journeys` in the working directory. With `checkTemplate`, templates are checked by that function alone
 * @throws {DefinitionsError} when there is no such folder
 */
export async function explore(
  journey: Journey,
  { folder, ...options }: ExploreOptions & { readonly folder?: string } = {},
): Promise<Exploration> {
  if (options.checkTemplate) return walk(journey, options);
  const path = folder ?? process.env['JOURNEYS'] ?? 'journeys';
  return exploreWith(await loadTemplates(...templatesRoots(path)), journey, options);
}

/** Walks every path of a journey, checks the templates that it sends, and names those in its folder that it never sends. */
export async function exploreWith(
  templates: Templates,
  journey: Journey,
  options: Omit<ExploreOptions, 'checkTemplate'>,
): Promise<Exploration> {
  const checked = {
    ...options,
    checkTemplate: (use: Parameters<typeof checkTemplate>[1]) => checkTemplate(templates, use),
  };
  const exploration = await walk(journey, checked);
  return { ...exploration, defects: [...exploration.defects, ...unreachedTemplates(templates, exploration)] };
}

/** They are only known if every path was walked. */
function unreachedTemplates(own: Templates, { journey, templates, bounds: { truncated, cut } }: Exploration): Defect[] {
  if (truncated || cut > 0) return [];
  return own
    .ownOf(journey)
    .filter(({ channel, name }) => !templates.some((sent) => sent.channel === channel && sent.name === name))
    .map(({ channel, name }) => ({
      kind: 'unreached template',
      step: null,
      channel,
      text: `no path sends the ${channel} template '${name}'`,
      path: null,
    }));
}
