import type { TemplateContext } from '../definitions/template-use';
import type { JsonObject } from '../model/json';
import { TOPIC_EVENTS } from '../model/preferences';
import { questionContext } from '../authoring/question';

/** Example links of a message. Only the server knows the real ones. */
const EXAMPLE_LINKS = {
  unsubscribe: 'https://example.com/unsubscribe',
  preferences: 'https://example.com/preferences',
  app: 'https://example.com',
};

const CONFIRM = { confirm: 'https://example.com/confirm' };

/** The data and links of a message as its template sees them, with example links. @param event the name of what let the user enter */
export function exampleMessage(
  data: JsonObject,
  traits: JsonObject,
  event: string,
): Pick<TemplateContext, 'data' | 'links'> {
  const { data: told, links } = questionContext(data, traits, (value) => `https://example.com/${value}`);
  return { data: told, links: { ...links, ...EXAMPLE_LINKS, ...(event === TOPIC_EVENTS.confirm && CONFIRM) } };
}
