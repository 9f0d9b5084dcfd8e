import { toMs } from '../model/duration';
import type { Definitions } from '../definitions/definitions';
import { PrunedHistoryHost } from '../testing/pruned-history-host';
import type { JsonObject } from '../model/json';
import type { MemoryHost } from '../testing/memory-host';
import type { Random } from '../testing/random';
import { REACTIONS } from '../model/message-reaction';
import { RECEIPTS } from '../model/message-receipt';
import { receiptProperties } from '../model/receipt-properties';
import { traitChangedBy } from '../model/trait-change';
import { objectionTo } from '../policy/objection';
import { inEveryTopic, topicOfMessage } from '../topics/everyone';
import type { Message } from '../model/state';
import { Agenda } from './agenda';
import { Course, type SimulatedLife } from './course';
import type { Person } from './person';
import type { Consequence, Behavior, Population, Reaction } from './population';
import { askedFor, reactionTo, toQuestion } from './reaction';
import { reportedBy, type SimulatedReceipt } from './receipts';

const MINUTE_MS = 60_000;
/** The event that journeys see of a visit, as from an app's page call. */
const VISIT = 'Page Viewed';

/** What a life depends on besides the person. */
export interface Circumstances {
  readonly population: Population;
  readonly definitions: Definitions;
  /** The end of the simulation, epoch milliseconds. */
  readonly end: number;
}

/** Simulates the life of a made-up person: what they do by habit, and what messages make them do. */
export async function live(person: Person, circumstances: Circumstances): Promise<SimulatedLife> {
  const life = new Life(person, circumstances);
  await life.run();
  return life.result;
}

type Action = () => void | Promise<void>;

class Life {
  private readonly agenda = new Agenda<Action>();
  private readonly course = new Course();
  private readonly host: MemoryHost;
  private readonly done = new Map<Behavior, number>();
  /** The number of messages that the person could react to, by journey and step. */
  private readonly reactedTo = new Map<string, number>();
  /** Messages in the app that the person has not seen yet. */
  private inbox: Message[] = [];
  private now: number;
  /** The person no longer visits by themselves; a click brings them back. */
  private stopped = false;
  /** The person said farewell and does nothing any more. */
  private gone = false;

  constructor(
    private readonly person: Person,
    private readonly circumstances: Circumstances,
  ) {
    this.now = person.user.createdAt;
    const { definitions } = circumstances;
    // Simulated people are in every topic until they leave it.
    const user = { ...person.user, topics: inEveryTopic(definitions.topics) };
    this.host = new PrunedHistoryHost(user, definitions, (advanced) => this.course.note(advanced));
    this.agenda.add(this.now, () => this.arrive());
  }

  /** The life up to the end of the simulation. */
  get result(): SimulatedLife {
    return this.course.life(this.host, { since: this.person.user.createdAt, until: this.circumstances.end });
  }

  /** Lets everything happen in order. At the same moment, the engine's deadlines come before what the person does. */
  async run(): Promise<void> {
    for (;;) {
      const wakeAt = this.host.wakeAt ?? Infinity;
      const nextAt = this.agenda.next ?? Infinity;
      this.now = Math.min(wakeAt, nextAt);
      if (this.now > this.circumstances.end) return;
      if (wakeAt <= nextAt) await this.host.decide(this.now);
      else await this.agenda.take()?.();
      await this.settle();
    }
  }

  /** Answers calls and hands messages over until nothing is open. What is reported of a message may lead to the next one at once. */
  private async settle(): Promise<void> {
    for (let sent: readonly Message[] | null = null; sent?.length !== 0;) {
      await this.answerCalls();
      sent = this.course.takeSent();
      for (const message of sent) await this.receive(message);
    }
  }

  private async arrive(): Promise<void> {
    for (const event of this.circumstances.population.arrive) await this.happen(event.name, event.example);
    this.planWeek(this.person.calendar.weekOf(this.now));
  }

  private planWeek(week: number): void {
    const { habits, rhythm, calendar, draws } = this.person;
    const random = draws('week', week);
    for (let visits = random.times(habits.visitsPerWeek); visits > 0; visits--) {
      const at = calendar.hourOfWeek(week, rhythm.draw(random)) + Math.floor(random.between(0, 60)) * MINUTE_MS;
      const visit = draws('visit', week, visits);
      if (at > this.now) this.agenda.add(at, () => this.visit(visit));
    }
    this.agenda.add(calendar.beginOfWeek(week + 1), () => this.beginWeek(week + 1));
  }

  private async beginWeek(week: number): Promise<void> {
    const { habits, draws } = this.person;
    const random = draws('churn', week);
    if (!this.stopped && random.chance(habits.churn.perWeek)) await this.stop(random);
    if (!this.stopped) this.planWeek(week);
  }

  private async stop(random: Random): Promise<void> {
    const { farewell } = this.person.habits.churn;
    this.stopped = true;
    if (!farewell || !random.chance(farewell.chance)) return;
    this.gone = true;
    this.agenda.clear();
    await this.happen(farewell.event.name, farewell.event.example);
  }

  private async visit(random: Random): Promise<void> {
    const { habits } = this.person;
    await this.happen(VISIT, {});
    const cards = this.inbox;
    this.inbox = [];
    for (const card of cards) if (card.expiresAt >= this.now) this.react(card, habits.reactions.inApp);
    for (const behavior of habits.does) if (random.chance(behavior.chance)) this.soon(random, () => this.do(behavior));
  }

  private async do(behavior: Behavior): Promise<void> {
    const time = (this.done.get(behavior) ?? 0) + 1;
    if (behavior.most !== undefined && time > behavior.most) return;
    this.done.set(behavior, time);
    const properties = behavior.properties?.(time) ?? behavior.event.example;
    const { habits, draws } = this.person;
    this.follow(behavior.then ?? [], properties, draws('consequences', habits.does.indexOf(behavior), time));
    await this.happen(behavior.event.name, properties);
  }

  private follow(consequences: readonly Consequence[], properties: JsonObject, random: Random): void {
    let at = this.now;
    for (const { event, chance, after } of consequences) {
      if (!random.chance(chance)) return;
      const [least, most] = after;
      at += Math.floor(random.between(toMs(least), toMs(most)));
      this.agenda.add(at, () => this.happen(event.name, properties));
    }
  }

  /** A message reaches the person, or comes back. Address by address, all come back or none. */
  private async receive(message: Message): Promise<void> {
    const { channel } = message;
    const { habits, draws } = this.person;
    const reaction = habits.reactions[channel];
    const bounces = reaction?.bounce !== undefined && draws('address', channel).chance(reaction.bounce);
    if (bounces) this.course.react(message, 'bounced');
    await this.report(message, bounces ? 'bounced' : 'delivered');
    if (bounces || this.gone) return;
    if (channel === 'inApp') this.inbox.push(message);
    else this.react(message, reaction);
  }

  /** The provider reports what became of a message, if that of its channel does. */
  private async report(message: Message, kind: SimulatedReceipt): Promise<void> {
    if (!reportedBy(message.channel, this.circumstances.population.receipts).includes(kind)) return;
    const facts = kind === 'bounced' ? { permanent: true } : {};
    await this.host.receiveReceipt(RECEIPTS[kind], { ...this.about(message), ...facts }, this.now);
  }

  /** The properties of an event about a message. */
  private about({ card, runId: run, ...message }: Message): JsonObject {
    const key = this.host.runs.find(({ id }) => id === run)?.key ?? null;
    return receiptProperties({ ...message, run, key, slot: card?.slot ?? null }, {});
  }

  private react(message: Message, reaction: Reaction | undefined): void {
    if (!reaction) return;
    const { habits, rhythm, calendar } = this.person;
    const random = this.aboutMessage(message);
    const does = reactionTo(reaction, random, this.stopped ? habits.churn.opens : 1);
    if (does === null) return;
    const delay = message.channel === 'inApp' ? MINUTE_MS : Math.floor(random.span(toMs(reaction.after)));
    this.agenda.add(rhythm.awakeAt(this.now + delay, calendar), async () => {
      this.course.react(message, 'opened');
      if (message.channel !== 'inApp') await this.report(message, 'opened');
      else await this.happen(REACTIONS.seen, toQuestion(message)?.seen ?? this.about(message));
      if (does === 'click') await this.click(message, reaction, random);
      if (does === 'opt out') this.optOut(message);
    });
  }

  /** The random numbers about the person's next message of a step. They do not depend on other messages. */
  private aboutMessage({ journey, step }: Message): Random {
    const name = `${journey}\n${step}`;
    const time = (this.reactedTo.get(name) ?? 0) + 1;
    this.reactedTo.set(name, time);
    return this.person.draws('message', journey, step, time);
  }

  private async click(message: Message, { does }: Reaction, random: Random): Promise<void> {
    this.course.react(message, 'clicked');
    if (this.stopped) {
      this.stopped = false;
      this.planWeek(this.person.calendar.weekOf(this.now));
    }
    if (message.channel !== 'inApp') {
      await this.report(message, 'clicked');
      await this.visit(random);
    } else if (!toQuestion(message)) await this.happen(REACTIONS.clicked, this.about(message));
    const asked = toQuestion(message);
    if (asked && random.chance(does)) this.soon(random, () => this.happen(REACTIONS.answered, asked.answered(random)));
    const behavior = askedFor(message, this.host, this.person.habits.does);
    if (behavior && random.chance(does)) this.soon(random, () => this.do(behavior));
  }

  private optOut(message: Message): void {
    const { reach } = this.host.state;
    const topic = message.topic === undefined ? undefined : topicOfMessage(this.host.definitions.topics, message.topic);
    if (objectionTo(reach, message.channel, { transactional: false, topic })) return;
    this.course.react(message, 'opted out');
    // The link of a message with a topic leaves the topic.
    if (topic) this.host.answerTopic(topic.name, { ...reach.topics?.[topic.name], standing: 'out' });
    else this.host.consent(message.channel, false);
  }

  private soon(random: Random, action: Action): void {
    this.agenda.add(this.now + Math.ceil(random.between(1, 15) * MINUTE_MS), action);
  }

  /** The change of a trait happens by setting it: nothing happens if it has that value already. */
  private happen(name: string, properties: JsonObject): Promise<void> {
    const trait = traitChangedBy(name);
    if (trait === null) return this.host.receive(name, properties, this.now);
    return this.host.receiveTraits({ [trait]: properties['to'] ?? null }, this.now);
  }

  /** No call is made; the population supplies the answers. */
  private async answerCalls(): Promise<void> {
    const { answer } = this.circumstances.population;
    for (let [call] = this.course.calls; call; [call] = this.course.calls) {
      const { runId, journey, step } = call;
      await this.host.answerCall(runId, step, { result: answer({ journey, step }) }, this.now);
    }
  }
}
