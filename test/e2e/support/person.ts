import { randomUUID } from 'node:crypto';
import type { Card } from '../../../dev/demo/product';
import { accepted, type ReceivedPush } from '../../../dev/push-service';
import type { JsonObject } from '../../../engine/model/json';
import type { ReceivedMail } from '../../support/smtp';
import { until } from '../../support/until';
import type { Installation } from './installation';
import { storyOf, type Entry, type Story } from './story';

/** The response of `GET /v1/users/:id`. Times are ISO 8601. */
export interface Profile {
  readonly stage: string;
  readonly points: number;
  readonly badges: readonly string[];
  readonly flags: JsonObject;
  readonly wakeAt: string | null;
  readonly runs: readonly {
    readonly journey: string;
    readonly key: string | null;
    readonly status: string;
    readonly reason: string;
  }[];
}

/** A user of the product: what they do, what they get, and what support can read about them. */
export class Person {
  readonly id = randomUUID();
  readonly email = `${this.id}@example.com`;
  /** The pushes their browser received, in order. */
  readonly pushes: ReceivedPush[] = [];
  private token: string | null = null;

  constructor(
    private readonly at: Installation,
    readonly firstName: string,
  ) {}

  /** Sends their traits. This alone enters no journey. */
  identify(traits: JsonObject = {}): void {
    this.at.product.identified(this.id, `browser-${this.id}`, {
      firstName: this.firstName,
      email: this.email,
      ...traits,
    });
  }

  /** Sends an event. */
  track(event: string, properties: JsonObject = {}): void {
    this.at.product.did(this.id, event, properties);
  }

  /** Sends a page view. */
  visit(): void {
    this.at.product.viewed({ userId: this.id }, 'Home');
  }

  /** Subscribes their browser to notifications. */
  async allowPush(): Promise<void> {
    const subscription = this.at.push.subscribe((push) => {
      this.pushes.push(push);
      return accepted();
    });
    await this.at.product.allowPush(await this.ownToken(), subscription);
  }

  /** Subscribes to a topic in the app. */
  subscribe(topic: string): Promise<void> {
    return this.choose(topic, true);
  }

  /** Leaves a topic in the app. */
  leave(topic: string): Promise<void> {
    return this.choose(topic, false);
  }

  private async choose(topic: string, subscribed: boolean): Promise<void> {
    const answer = await fetch(`${this.at.url}/v1/preferences`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${await this.ownToken()}`, 'content-type': 'application/json' },
      body: JSON.stringify({ topics: { [topic]: { subscribed } } }),
    });
    if (!answer.ok) throw new Error(`PUT /v1/preferences: expected status 200, got ${answer.status}`);
  }

  /** Presses the button of the page to which a link of their last mail leads. Waits until a mail has one. */
  async press(link: RegExp): Promise<void> {
    const path = await until('a mail with the link', () => link.exec(String(this.mails().at(-1)?.mail.html))?.[0]);
    const answer = await fetch(this.at.url + path, { method: 'POST' });
    if (!answer.ok) throw new Error(`POST ${link.source}: expected status 200, got ${answer.status}`);
  }

  async inbox(): Promise<readonly Card[]> {
    return this.at.product.inbox(await this.ownToken());
  }

  async react(card: Card, reaction: 'seen' | 'clicked' | 'dismissed'): Promise<void> {
    await this.at.product.react(await this.ownToken(), card, reaction);
  }

  /** Returns the mails that arrived at their address, in order. */
  mails(): ReceivedMail[] {
    return this.at.smtp.messages.filter(({ to }) => to === this.email);
  }

  async profile(): Promise<Profile> {
    return (await this.read('')) as Profile;
  }

  /** Returns their whole timeline, oldest entry first. */
  async timeline(): Promise<readonly Entry[]> {
    const all: Entry[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await this.read(`/timeline?limit=500${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      const { entries, next } = page as { entries: Entry[]; next: string | null };
      all.push(...entries);
      cursor = next;
    }
    return all;
  }

  async story(): Promise<Story> {
    return storyOf(await this.timeline());
  }

  /** Reads from the API with the admin key, as support staff do. */
  private async read(path: string): Promise<unknown> {
    const answer = await fetch(`${this.at.url}/v1/users/${this.id}${path}`, {
      headers: { authorization: `Bearer ${this.at.config.adminKey}` },
    });
    if (!answer.ok) throw new Error(`GET /v1/users/{id}${path}: expected status 200, got ${answer.status}`);
    return answer.json();
  }

  /** Returns their token for the app. Waits until they are known, that is, until their first event has arrived. */
  private async ownToken(): Promise<string> {
    this.token ??= await until('the person is known', () => this.at.product.token(this.id));
    return this.token;
  }
}
