import { checkDefinitions } from '../../config/check';
import type { Definitions } from '../../engine/definitions/definitions';
import type { TemplateUse } from '../../engine/definitions/template-use';

/** Every use of a template in the journeys, each with the examples that the check at start renders it with. */
export async function samplesOf(definitions: Definitions): Promise<readonly TemplateUse[]> {
  const uses: TemplateUse[] = [];
  await checkDefinitions(definitions, (use) => {
    uses.push(use);
    return [];
  });
  return uses;
}

/** A use of a template by a person of this language. */
export function inLanguage(use: TemplateUse, language: string): TemplateUse {
  const { context } = use;
  const user = { ...context.user, traits: { ...context.user.traits, locale: language } };
  return { ...use, context: { ...context, user } };
}
