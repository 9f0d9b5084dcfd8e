import { loadTemplates, type Templates } from '../activities/templates/load';
import { templatesRoots } from '../config/definitions-files';
import { knownLanguageOf } from '../engine/model/localized';
import type { JsonObject } from '../engine/model/json';
import type { Render } from '../engine/testing/mailbox';

/** The templates of a folder of journeys, for the mailbox of a `traveller`. */
export async function templatesIn(path: string): Promise<Render> {
  const templates: Templates = await loadTemplates(...templatesRoots(path));
  return ({ journey, channel, name, context }) => ({
    ...(templates
      .get(journey, channel, name, knownLanguageOf(context.user.traits))
      .render(context) as unknown as JsonObject),
  });
}
