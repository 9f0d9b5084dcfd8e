import type { ChannelName } from '../../engine/model/state';
import { accepted, type PushAnswer } from '../push-service';
import { daysBetween, planDay } from './calendar';
import { unsubscribe, unsubscribeLink } from './mail';
import { followOrder } from './orders';
import type { Person } from './population';
import type { Card } from './product';
import { seeded, type Random } from '../../engine/testing/random';
import type { World } from './world';

const HOUR_MS = 3_600_000;

/** Simulates one person from the first visit on: what they do by habit, and how they react to messages. */
export class Life {
  private readonly random: Random;
  private readonly refused = new Set<ChannelName>();
  private arrivedAt = 0;
  private token: string | null = null;
  private hasTeammate = false;
  private orders = 0;
  private left = false;

  constructor(
    private readonly person: Person,
    private readonly world: World,
  ) {
    this.random = seeded(person.number);
  }

  /**
   * Schedules the person's first visit.
   * @param startsAt start of the demo, epoch milliseconds
   */
  begin(startsAt: number): void {
    this.soon(startsAt + this.person.arrivesAfterMs, () => this.arrive());
  }

  /** The person looks around as a visitor, then signs up. */
  private arrive(): void {
    const { id, firstName, email, timezone, plan } = this.person;
    const { product, clock } = this.world;
    const anonymousId = `browser-${id}`;
    this.arrivedAt = clock.now();
    product.viewed({ anonymousId }, 'Landing');
    this.soon(clock.now() + this.random.between(0.3, 2) * HOUR_MS, () => {
      product.viewed({ anonymousId }, 'Pricing');
      product.identified(id, anonymousId, { firstName, email, timezone, plan });
      product.did(id, 'Signed Up', { plan });
      this.soon(clock.now() + this.random.between(0.5, 3) * HOUR_MS, () => this.visit());
      this.liveToday();
    });
  }

  private liveToday(): void {
    const now = this.world.clock.now();
    const day = daysBetween(this.arrivedAt, now);
    const { visits, readsMailAt, endsAt } = planDay(this.person, day, now, this.random);
    for (const time of visits) if (time > now) this.soon(time, () => this.visit());
    this.soon(readsMailAt, () => this.readMail());
    if (this.person.habit.deletesOnDay === day) this.soon(endsAt - HOUR_MS, () => this.deleteAccount());
    this.soon(endsAt, () => this.liveToday());
  }

  private async visit(): Promise<void> {
    const { product, push } = this.world;
    const { id, habit } = this.person;
    product.viewed({ userId: id }, 'Home');
    if (this.token === null) {
      this.token = await product.token(id);
      if (this.token !== null && this.random.chance(habit.allowsPush))
        await product.allowPush(
          this.token,
          push.subscribe(() => this.notified()),
        );
    }
    if (this.token !== null) await this.readInbox(this.token);
    const { createProject, inviteTeammate, placeOrder } = habit.visit;
    if (this.random.chance(createProject)) this.createProject();
    if (this.random.chance(inviteTeammate)) this.inviteTeammate();
    if (this.random.chance(placeOrder)) this.placeOrder();
  }

  private async readInbox(token: string): Promise<void> {
    const { product } = this.world;
    for (const card of await product.inbox(token)) {
      if (card.seenAt !== null) continue;
      await product.react(token, card, 'seen');
      if (this.random.chance(this.person.habit.message.clickCard)) {
        await product.react(token, card, 'clicked');
        this.followCard(card);
      } else if (this.random.chance(0.3)) await product.react(token, card, 'dismissed');
    }
  }

  /** Follows the link of a card. Most people then do what the card asks for. */
  private followCard({ content }: Card): void {
    const url = 'url' in content ? content.url : undefined;
    this.world.product.viewed({ userId: this.person.id }, url ?? 'Home');
    if (!this.random.chance(0.7)) return;
    if (url === '/projects/new') this.createProject();
    if (url === '/team/invite') this.inviteTeammate();
  }

  private async readMail(): Promise<void> {
    const { mail, clock } = this.world;
    const { openMail, followMail, unsubscribe: chance } = this.person.habit.message;
    for (const one of await mail.newMails(this.person.email)) {
      if (!this.random.chance(openMail)) continue;
      if (this.random.chance(followMail)) {
        this.soon(clock.now() + this.random.between(0.1, 1) * HOUR_MS, () => this.visit());
        continue;
      }
      const link = unsubscribeLink(one);
      if (link !== null && !this.refused.has('email') && this.random.chance(chance)) {
        this.refused.add('email');
        await unsubscribe(link);
      }
    }
  }

  /** Reacts to a notification. */
  private notified(): PushAnswer {
    const { clock, product } = this.world;
    const { followPush, unsubscribe: chance } = this.person.habit.message;
    const later = clock.now() + this.random.between(0.1, 2) * HOUR_MS;
    const { token } = this;
    if (this.random.chance(followPush)) this.soon(later, () => this.visit());
    else if (token !== null && !this.refused.has('webPush') && this.random.chance(chance / 2)) {
      this.refused.add('webPush');
      this.soon(later, () => product.refuse(token, 'webPush'));
    }
    return accepted();
  }

  private createProject(): void {
    this.world.product.did(this.person.id, 'Project Created', { name: 'A project' });
  }

  private inviteTeammate(): void {
    if (this.hasTeammate) return;
    this.hasTeammate = true;
    this.world.product.did(this.person.id, 'Teammate Invited');
  }

  private placeOrder(): void {
    this.orders += 1;
    followOrder(this.world, this.person.id, `${this.person.number}-${this.orders}`, this.random);
  }

  private deleteAccount(): void {
    this.world.product.did(this.person.id, 'Account Deleted');
    this.left = true;
  }

  /** Schedules an action. It does not run if the person has deleted their account by then. */
  private soon(time: number, action: () => void | Promise<void>): void {
    this.world.agenda.at(time, () => (this.left ? undefined : action()));
  }
}
