import type { JsonObject } from '../../engine/model/json';
import type { Provider } from '../providers/provider';
import type { TeamContent, WebhookContent } from '../templates/company-content';
import type { Channel, Delivery } from './channel';
import { handOver } from './hand-over';
import { rendered, type Rendering } from './rendered';

/** Options of a channel whose messages go to a system or a chat of the company's. */
export interface CompanyOptions<Content> extends Rendering {
  /** The endpoints, or the channels of the chat. A template chooses one by its name; the first is for templates that name none. */
  readonly providers: readonly Provider<Content>[];
}

/** Creates the channel for webhooks to systems of the company's. */
export function webhookChannel(options: CompanyOptions<WebhookContent>): Channel {
  return companyChannel('webhook', options, {
    targetOf: ({ endpoint }) => endpoint,
    // What the template says itself is always text.
    withData: (content, data) => ({ ...content, data: { ...data, ...content.data } }),
  });
}

/** Creates the channel for messages to a channel of the company's Slack or Teams. */
export function teamChatChannel(name: 'slack' | 'teams', options: CompanyOptions<TeamContent>): Channel {
  return companyChannel(name, options, { targetOf: ({ channel }) => channel, withData: (content) => content });
}

/** How a channel reads its content. */
interface Contained<Content> {
  /** The target that the template names, if it names one. */
  readonly targetOf: (content: Content) => string | undefined;
  /** The content with what the step's data adds to it. */
  readonly withData: (content: Content, data: JsonObject) => Content;
}

function companyChannel<Content>(
  name: 'webhook' | 'slack' | 'teams',
  { providers, ...rendering }: CompanyOptions<Content>,
  { targetOf, withData }: Contained<Content>,
): Channel {
  return {
    name,
    deliver: (envelope, signal) =>
      rendered(rendering, name, envelope, async (given, links) => {
        const content = withData(given as Content, envelope.data);
        const target = targetOf(content);
        const provider = target === undefined ? providers[0] : providers.find((one) => one.name === target);
        if (!provider) return noTarget(name, target);
        return handOver([provider], envelope, { to: provider.name, content, links }, signal);
      }),
    async close() {
      await Promise.all(providers.map((provider) => provider.close()));
    },
  };
}

function noTarget(channel: string, target: string | undefined): Delivery {
  const detail = target === undefined ? `nothing is set up for ${channel}` : `${channel} has no '${target}' set up`;
  return { outcome: 'suppressed', cause: 'address', reason: 'no address', detail };
}
