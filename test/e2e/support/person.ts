import { randomUUID } from 'node:crypto';
import type { Card } from '../../../dev/demo/product';
import { accepted, type ReceivedPush } from '../../../dev/push-service';
import type { JsonObject } from '../../../engine/model/json';
import type { ReceivedMail } from '../../support/smtp';
import { until } from '../../support/until';
import type { Installation } from './installation';
import { storyOf, type Entry, type Story } from './story';

/** As `GET /v1/users/:id` tells it. Times are ISO 8601. */
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

/** Somebody who uses the product, and what support can read about them. */
export class Person {
  readonly id = randomUUID();
  readonly email = `${this.id}@example.com`;
  /** What their browser was pushed. */
  readonly pushes: ReceivedPush[] = [];
  private token: string | null = null;

  constructor(
    private readonly at: Installation,
    readonly firstName: string,
  ) {}

  /** The app tells who they are. By itself this begins nothing. */
  identify(traits: JsonObject = {}): void {
    this.at.product.identified(this.id, `browser-${this.id}`, {
      firstName: this.firstName,
      email: this.email,
      ...traits,
    });
  }

  /** They do something. */
  track(event: string, properties: JsonObject = {}): void {
    this.at.product.did(this.id, event, properties);
  }

  /** They look at a page. */
  visit(): void {
    this.at.product.viewed({ userId: this.id }, 'Home');
  }

  /** Their browser agrees to be notified. */
  async allowPush(): Promise<void> {
    const subscription = this.at.push.subscribe((push) => {
      this.pushes.push(push);
      return accepted();
    });
    await this.at.product.allowPush(await this.ownToken(), subscription);
  }

  async inbox(): Promise<readonly Card[]> {
    return this.at.product.inbox(await this.ownToken());
  }

  async react(card: Card, reaction: 'seen' | 'clicked' | 'dismissed'): Promise<void> {
    await this.at.product.react(await this.ownToken(), card, reaction);
  }

  /** What has arrived at their address, in order. */
  mails(): ReceivedMail[] {
    return this.at.smtp.messages.filter(({ to }) => to === this.email);
  }

  async profile(): Promise<Profile> {
    return (await this.read('')) as Profile;
  }

  /** Their whole timeline, the oldest first. */
  async timeline(): Promise<readonly Entry[]> {
    const { entries, next } = (await this.read('/timeline?limit=500')) as { entries: Entry[]; next: string | null };
    if (next !== null) throw new Error('The timeline has more than one page.');
    return entries;
  }

  async story(): Promise<Story> {
    return storyOf(await this.timeline());
  }

  /** As support staff do. */
  private async read(path: string): Promise<unknown> {
    const answer = await fetch(`${this.at.url}/v1/users/${this.id}${path}`, {
      headers: { authorization: `Bearer ${this.at.config.adminKey}` },
    });
    if (!answer.ok) throw new Error(`GET /v1/users/{id}${path}: ${answer.status}`);
    return answer.json();
  }

  /** The app's token for them; they are known once the first event has arrived. */
  private async ownToken(): Promise<string> {
    this.token ??= await until('the person is known', () => this.at.product.token(this.id));
    return this.token;
  }
}
