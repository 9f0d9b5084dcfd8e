import type { TemplateContext } from '../definitions/template-use';
import type { JsonObject } from '../model/json';
import { questionContext } from '../authoring/question';

/** Example links of a message. Only the server knows the real ones. */
const EXAMPLE_LINKS = { unsubscribe: 'https://example.com/unsubscribe', app: 'https://example.com' };

/** The data and links of a message as its template sees them, with example links. */
export function exampleMessage(data: JsonObject, traits: JsonObject): Pick<TemplateContext, 'data' | 'links'> {
  const { data: told, links } = questionContext(data, traits, (value) => `https://example.com/${value}`);
  return { data: told, links: { ...links, ...EXAMPLE_LINKS } };
}
