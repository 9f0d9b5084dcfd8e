import { toMs } from '../model/duration';
import type { Definitions } from '../definitions/definitions';
import { PrunedHistoryHost } from '../testing/pruned-history-host';
import type { JsonObject } from '../model/json';
import type { MemoryHost } from '../testing/memory-host';
import { REACTIONS } from '../model/message-reaction';
import { traitChangedBy } from '../model/trait-change';
import { objectionTo } from '../policy/decide';
import type { Message } from '../model/state';
import { Agenda } from './agenda';
import { Course, type SimulatedLife } from './course';
import type { Person } from './person';
import type { Consequence, Behavior, Population, Reaction } from './population';
import { askedFor, reactionTo, toQuestion } from './reaction';

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
    this.host = new PrunedHistoryHost(person.user, circumstances.definitions, (advanced) => this.course.note(advanced));
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
      await this.answerCalls();
      for (const message of this.course.takeSent()) this.receive(message);
    }
  }

  private async arrive(): Promise<void> {
    for (const event of this.circumstances.population.arrive) await this.happen(event.name, event.example);
    this.planWeek(this.person.calendar.weekOf(this.now));
  }

  private planWeek(week: number): void {
    const { habits, rhythm, calendar, random } = this.person;
    for (let visits = random.times(habits.visitsPerWeek); visits > 0; visits--) {
      const at = calendar.hourOfWeek(week, rhythm.draw(random)) + Math.floor(random.between(0, 60)) * MINUTE_MS;
      if (at > this.now) this.agenda.add(at, () => this.visit());
    }
    this.agenda.add(calendar.beginOfWeek(week + 1), () => this.beginWeek(week + 1));
  }

  private async beginWeek(week: number): Promise<void> {
    const { churn } = this.person.habits;
    if (!this.stopped && this.person.random.chance(churn.perWeek)) await this.stop();
    if (!this.stopped) this.planWeek(week);
  }

  private async stop(): Promise<void> {
    const { farewell } = this.person.habits.churn;
    this.stopped = true;
    if (!farewell || !this.person.random.chance(farewell.chance)) return;
    this.gone = true;
    this.agenda.clear();
    await this.happen(farewell.event.name, farewell.event.example);
  }

  private async visit(): Promise<void> {
    const { habits, random } = this.person;
    await this.happen(VISIT, {});
    const cards = this.inbox;
    this.inbox = [];
    for (const card of cards) if (card.expiresAt >= this.now) this.react(card, habits.reactions.inApp);
    for (const behavior of habits.does) if (random.chance(behavior.chance)) this.soon(() => this.do(behavior));
  }

  private async do(behavior: Behavior): Promise<void> {
    const time = (this.done.get(behavior) ?? 0) + 1;
    if (behavior.most !== undefined && time > behavior.most) return;
    this.done.set(behavior, time);
    const properties = behavior.properties?.(time) ?? behavior.event.example;
    this.follow(behavior.then ?? [], properties);
    await this.happen(behavior.event.name, properties);
  }

  private follow(consequences: readonly Consequence[], properties: JsonObject): void {
    const { random } = this.person;
    let at = this.now;
    for (const { event, chance, after } of consequences) {
      if (!random.chance(chance)) return;
      const [least, most] = after;
      at += Math.floor(random.between(toMs(least), toMs(most)));
      this.agenda.add(at, () => this.happen(event.name, properties));
    }
  }

  /** A message reaches the person. */
  private receive(message: Message): void {
    if (this.gone) return;
    if (message.channel === 'inApp') this.inbox.push(message);
    else this.react(message, this.person.habits.reactions[message.channel]);
  }

  private react(message: Message, reaction: Reaction | undefined): void {
    if (!reaction) return;
    const { habits, random, rhythm, calendar } = this.person;
    const does = reactionTo(reaction, random, this.stopped ? habits.churn.opens : 1);
    if (does === null) return;
    const delay = message.channel === 'inApp' ? MINUTE_MS : Math.floor(random.span(toMs(reaction.after)));
    this.agenda.add(rhythm.awakeAt(this.now + delay, calendar), async () => {
      this.course.react(message, 'opened');
      const asked = message.channel === 'inApp' && toQuestion(message);
      if (asked) await this.happen(REACTIONS.seen, asked.seen);
      if (does === 'click') await this.click(message, reaction);
      if (does === 'opt out') this.optOut(message);
    });
  }

  private async click(message: Message, { does }: Reaction): Promise<void> {
    this.course.react(message, 'clicked');
    if (this.stopped) {
      this.stopped = false;
      this.planWeek(this.person.calendar.weekOf(this.now));
    }
    if (message.channel !== 'inApp') await this.visit();
    const asked = toQuestion(message);
    if (asked && this.person.random.chance(does))
      this.soon(() => this.happen(REACTIONS.answered, asked.answered(this.person.random)));
    const behavior = askedFor(message, this.host, this.person.habits.does);
    if (behavior && this.person.random.chance(does)) this.soon(() => this.do(behavior));
  }

  private optOut(message: Message): void {
    if (objectionTo(this.host.state.reach, message.channel, false)) return;
    this.course.react(message, 'opted out');
    this.host.consent(message.channel, false);
  }

  private soon(action: Action): void {
    this.agenda.add(this.now + Math.ceil(this.person.random.between(1, 15) * MINUTE_MS), action);
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
