import { Analytics } from '@segment/analytics-node';
import { z } from 'zod';
import { inAppContent } from '../../activities/templates/content';
import type { Config } from '../../config/config';
import type { JsonObject } from '../../engine/model/json';
import type { ChannelName } from '../../engine/model/state';
import type { PushSubscription } from '../../store/push-subscriptions';

/** A card in somebody's inbox. */
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

/** Who somebody is to the product: before they sign up, no more than a browser. */
export type Identity = { readonly userId: string } | { readonly anonymousId: string };

/** Small batches sent at once: at high speed a second of waiting is hours. Real milliseconds. */
const BATCHES = { flushAt: 20, flushInterval: 20 } as const;

/** The product whose users these people are: its app and its backend, which know Sojourn by HTTP alone. */
export class Product {
  private readonly analytics: Analytics;
  private calls = 0;

  /** @param onError is told of events that could not be delivered */
  constructor(
    private readonly config: Pick<Config, 'port' | 'writeKey' | 'adminKey'>,
    onError: (error: unknown) => void,
  ) {
    this.analytics = new Analytics({ writeKey: config.writeKey, host: this.url(''), ...BATCHES });
    this.analytics.on('error', ({ reason }) => onError(reason));
  }

  /** How many events it was told of. */
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

  /** Something a person did. */
  did(userId: string, event: string, properties: JsonObject = {}): void {
    this.calls++;
    this.analytics.track({ userId, event, properties });
  }

  /** Something that happened to a person without their doing. */
  happenedTo(userId: string, event: string, properties: JsonObject): void {
    this.calls++;
    this.analytics.track({ userId, event, properties, context: { active: false } });
  }

  /** A token with which a person's app speaks for them; null while their first event is still on its way. */
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

  /** Lets somebody enter a journey by hand; nothing happens to who isn't known yet. */
  async enter(userId: string, journey: string): Promise<void> {
    await this.call('POST', `/v1/users/{id}/journeys/${journey}`, this.config.adminKey, { id: userId, body: {} });
  }

  /** Delivers the events that are left. */
  async stop(): Promise<void> {
    await this.analytics.closeAndFlush();
  }

  private url(path: string): string {
    return `http://127.0.0.1:${this.config.port}${path}`;
  }

  /** @throws {Error} on any failure but 404, with the route */
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
    if (!answer.ok && answer.status !== 404) throw new Error(`${method} ${route}: ${answer.status}`);
    return answer;
  }
}
