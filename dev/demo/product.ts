import { Analytics } from '@segment/analytics-node';
import { z } from 'zod';
import { inAppContent } from '../../activities/templates/content';
import type { Config } from '../../config/config';
import type { JsonObject } from '../../engine/model/json';
import type { ChannelName } from '../../engine/model/state';
import type { PushSubscription } from '../../store/push-subscriptions';

/** A card in a user's inbox. */
export type Card = z.infer<typeof card>;

const card = z.object({
  id: z.string(),
  journey: z.string(),
  step: z.string(),
  content: inAppContent,
  seenAt: z.string().nullable(),
  clickedAt: z.string().nullable(),
});
const inbox = z.object({ messages: z.array(card) });
const created = z.object({ token: z.string() });

/** How the product identifies a person. Before sign-up it knows only their browser. */
export type Identity = { readonly userId: string } | { readonly anonymousId: string };

/** Small batches with a short interval, in real milliseconds: at high speed, a second of waiting is hours on the journey clock. */
const BATCHES = { flushAt: 20, flushInterval: 20 } as const;

/** The app and backend of the product that the people use. They talk to Sojourn only over HTTP. */
export class Product {
  private readonly analytics: Analytics;
  private calls = 0;

  /** @param onError called with the reason when an event could not be delivered */
  constructor(
    private readonly config: Pick<Config, 'port' | 'writeKey' | 'adminKey'>,
    onError: (error: unknown) => void,
  ) {
    this.analytics = new Analytics({ writeKey: config.writeKey, host: this.url(''), ...BATCHES });
    this.analytics.on('error', ({ reason }) => onError(reason));
  }

  /** The number of events passed to the client so far. */
  get sent(): number {
    return this.calls;
  }

  viewed(who: Identity, name: string): void {
    this.calls++;
    this.analytics.page({ ...who, name });
  }

  identified(userId: string, anonymousId: string, traits: JsonObject): void {
    this.calls++;
    this.analytics.identify({ userId, anonymousId, traits });
  }

  /** Sends an event for something the person did. */
  did(userId: string, event: string, properties: JsonObject = {}): void {
    this.calls++;
    this.analytics.track({ userId, event, properties });
  }

  /** Sends an event for something that happened without the person's activity. */
  happenedTo(userId: string, event: string, properties: JsonObject): void {
    this.calls++;
    this.analytics.track({ userId, event, properties, context: { active: false } });
  }

  /** Returns a token for the person's app; null if the person is not known yet, because their first event has not arrived. */
  async token(userId: string): Promise<string | null> {
    const answer = await this.call('POST', '/v1/users/{id}/token', this.config.adminKey, { id: userId });
    return answer.status === 404 ? null : created.parse(await answer.json()).token;
  }

  async inbox(token: string): Promise<readonly Card[]> {
    const answer = await this.call('GET', '/v1/inbox', token);
    return inbox.parse(await answer.json()).messages;
  }

  async react(token: string, { id }: Card, reaction: 'seen' | 'clicked' | 'dismissed'): Promise<void> {
    await this.call('POST', `/v1/inbox/{id}/${reaction}`, token, { id });
  }

  async allowPush(token: string, subscription: PushSubscription): Promise<void> {
    await this.call('POST', '/v1/push/subscriptions', token, { body: subscription });
  }

  async refuse(token: string, channel: ChannelName): Promise<void> {
    await this.call('PUT', '/v1/preferences', token, { body: { channels: { [channel]: false } } });
  }

  /** Enters a user into a journey by hand. Does nothing for an unknown user. */
  async enter(userId: string, journey: string): Promise<void> {
    await this.call('POST', `/v1/users/{id}/journeys/${journey}`, this.config.adminKey, { id: userId, body: {} });
  }

  /** Delivers the remaining events. */
  async stop(): Promise<void> {
    await this.analytics.closeAndFlush();
  }

  private url(path: string): string {
    return `http://127.0.0.1:${this.config.port}${path}`;
  }

  /** @throws {Error} when the API answers with an error other than 404; the message names the route */
  private async call(
    method: string,
    route: string,
    bearer: string,
    { id = '', body }: { readonly id?: string; readonly body?: object } = {},
  ): Promise<Response> {
    const answer = await fetch(this.url(route.replace('{id}', id)), {
      method,
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!answer.ok && answer.status !== 404) throw new Error(`${method} ${route} answered ${answer.status}`);
    return answer;
  }
}
