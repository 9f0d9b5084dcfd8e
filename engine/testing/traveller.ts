import { compile } from '../outline/compile';
import type { Definitions } from '../definitions/definitions';
import { toMs, type Duration } from '../model/duration';
import type { EventDefinition } from '../authoring/event';
import type { Journey } from '../authoring/journey';
import { eventsOfAnswer } from '../model/consent';
import { choose, confirmed, type TopicChoice } from '../model/preferences';
import { forgetAtOf } from '../model/forget-at';
import { copyOf, type Json, type JsonObject } from '../model/json';
import { REACTIONS } from '../model/message-reaction';
import { RECEIPTS } from '../model/message-receipt';
import { explainStep } from './explain-step';
import { importHistory } from './imported-history';
import { fatesOf, shownIn } from './inbox';
import { outlineOf } from './known-outlines';
import { ownFlag, ownTraits } from './own-flag';
import { Mailbox, type MailboxMessage } from './mailbox';
import { Observed } from './observed';
import { reactedTo, reactionTo, receiptOf } from './reaction';
import { SharedTime } from './shared-time';
import { NO_STAGES } from './no-stages';
import type { FirstTravellerOptions, FurtherTravellerOptions, TravellerOptions } from './traveller-options';
import { requireAccepted } from './accepted';
import { answerCalls } from './answer-calls';
import { answerTopic } from './answer-topic';
import { checkFurtherOptions, checkOptions, instantIn, requireChannel, requireTopic, startOf } from './check-options';
import { checkStandIns } from './check-stand-ins';
import { standInFor } from './stand-in-for';
import { MemoryHost } from './memory-host';
import { policy } from '../policy/define';
import { CHANNELS } from '../model/channels';
import type { ChannelName, Message } from '../model/state';
import type { Answers } from '../model/survey';
import { isMetBy } from '../user/triggers';

/**
 * Makes a person in virtual time, for tests of journeys. Tests need no server and no waiting, and use the production
 * engine and policy.
 * @throws {TypeError} when an option, a channel or the time zone does not exist
 */
export function traveller(journey: Journey | readonly Journey[], options: TravellerOptions = {}): Traveller {
  return new Traveller([journey].flat(), options);
}

/**
 * Makes several people who share virtual time: `const [ada, bob] = travellers(invite, { id: 'ada' }, { id: 'bob' })`. Time passes for
 * all when it passes for one, and a deploy is for all. What a journey tracks for another of them by `j.track` reaches them.
 * @param first `at`, `with`, `calls` and `templates` hold for everyone
 * @throws {Error} when two have the same id
 * @throws {TypeError} when an option does not exist, or one of a further person holds for everyone
 */
export function travellers<Others extends readonly FurtherTravellerOptions[]>(
  journey: Journey | readonly Journey[],
  first: FirstTravellerOptions,
  ...others: Others
): [Traveller, ...{ [Index in keyof Others]: Traveller }] {
  const journeys = [journey].flat();
  const time = new SharedTime(startOf(first));
  const { timezone: _zone, traits: _traits, channels: _channels, consent: _consent, topics: _topics, ...ofAll } = first;
  const ada = new Traveller(journeys, first, time);
  others.forEach(checkFurtherOptions);
  const further = others.map((other) => new Traveller(journeys, { ...ofAll, ...other }, time));
  return [ada, ...(further as { [Index in keyof Others]: Traveller })];
}

/** See {@link traveller}. */
export class Traveller extends Observed {
  private readonly rendered: Mailbox;
  private calls: TravellerOptions['calls'];

  constructor(
    private journeys: readonly Journey[],
    private readonly options: TravellerOptions,
    time = new SharedTime(startOf(options)),
  ) {
    super(options.id ?? 'ada', time);
    checkOptions(options);
    this.calls = options.calls;
    this.rendered = new Mailbox(options.templates);
    time.join({
      id: this.id,
      openHost: () => this.openHost(),
      catchUp: (host) => this.catchUp(host),
      takeOver: (edited, calls) => this.takeOver(edited, calls),
    });
  }

  /**
   * The person does something. Journeys react at once.
   * @param ago how late the event arrives. Default: it arrives at once
   * @throws {TypeError} when the properties do not pass the schema of the event: the API would refuse it
   * @throws {Error} when the function of a `call` without bounds throws
   */
  async track<Properties>(
    event: EventDefinition<Properties>,
    properties: NoInfer<Properties>,
    { ago }: { readonly ago?: Duration } = {},
  ): Promise<void> {
    const given = copyOf(properties) as JsonObject;
    await requireAccepted(event, given);
    const host = await this.openHost();
    const at = this.now - (ago ? toMs(ago) : 0);
    await host.receive(event.name, given, this.now, at, event.forget);
    await this.time.settle();
  }

  /**
   * Something that the person did before is imported as history: it lets nobody enter and sends nothing, but waits, counts and stages
   * see it.
   * @param ago how long ago it happened
   * @throws {TypeError} when the properties do not pass the schema of the event: the API would refuse it
   */
  async import<Properties>(
    event: EventDefinition<Properties>,
    properties: NoInfer<Properties>,
    { ago }: { readonly ago: Duration },
  ): Promise<void> {
    const given = copyOf(properties) as JsonObject;
    await requireAccepted(event, given);
    const host = await this.openHost();
    const [id, at] = [`imported ${host.state.history.events.length}`, this.now - toMs(ago)];
    const forgetAt = forgetAtOf(event.forget, given, this.now) ?? null;
    importHistory(host, [{ id, name: event.name, at, properties: given, forgetAt }], this.now);
  }

  /** Lets time pass. Everything that comes due in the meantime happens at its moment. */
  async forward(duration: Duration): Promise<void> {
    await this.time.passTo(this.now + toMs(duration));
  }

  /**
   * Lets time pass until a moment.
   * @param moment ISO 8601. Without a zone it is UTC
   * @throws {TypeError} when it is not an instant, or is over
   */
  async forwardTo(moment: string): Promise<void> {
    const end = instantIn('forwardTo', moment);
    if (end < this.now)
      throw new TypeError(`forwardTo: '${moment}' is over. Expected ${new Date(this.now).toISOString()} or later.`);
    await this.time.passTo(end);
  }

  /**
   * Replaces the journeys, as a deploy does while people are inside.
   * @param calls stand-ins for calls that come with them
   */
  async deploy(journey: Journey | readonly Journey[], { calls }: Pick<TravellerOptions, 'calls'> = {}): Promise<void> {
    await this.time.deploy([journey].flat(), calls);
  }

  /**
   * Changes the person's traits with an `identify`. It counts as activity, and is an event once the engine knows the
   * person.
   */
  async identify(traits: JsonObject): Promise<void> {
    const host = await this.openHost();
    await host.receiveTraits(traits, this.now);
    await this.time.settle();
  }

  /**
   * The person agrees to a channel or opts out of it, as on a page of preferences or by a link.
   * @throws {TypeError} when there is no such channel
   */
  async consent(channel: ChannelName, answer: boolean): Promise<void> {
    requireChannel(channel, this.options);
    const host = await this.openHost();
    const names = eventsOfAnswer(host.state.reach.consent, channel, answer);
    host.consent(channel, answer);
    const [at, n] = [this.now, host.decisions.length];
    const told = names.map((name) => ({ id: `consent ${n} ${at} ${channel} ${name}`, name, at, receivedAt: at }));
    if (told.length === 0) return;
    await host.take(
      told.map((event) => ({ ...event, properties: { channel }, active: false })),
      at,
    );
    await this.time.settle();
  }

  /**
   * The person chooses what they get of a topic, as on the preference page: `ada.choose('digest', { subscribed: false })`. Of a topic
   * with double opt-in a yes is pending until `confirm`.
   * @throws {TypeError} when `with` declares topics, but not this one
   */
  async choose(topic: string, choice: TopicChoice): Promise<void> {
    requireTopic(topic, this.options);
    const confirms = this.options.with?.topics?.byName[topic]?.doubleOptIn ?? false;
    await answerTopic(await this.openHost(), topic, this.now, (before) => choose(topic, before, choice, { confirms }));
    await this.time.settle();
  }

  /**
   * The person confirms a topic with double opt-in, by the link of the message that asks for it.
   * @throws {TypeError} when `with` declares topics, but not this one
   */
  async confirm(topic: string): Promise<void> {
    requireTopic(topic, this.options);
    await answerTopic(await this.openHost(), topic, this.now, (before) => confirmed(topic, before));
    await this.time.settle();
  }

  /**
   * The person belongs to a group, by default a company; the trait `groupType` names another type. Its traits are merged into those
   * known of it. The trait `groups` of the person has what was said last.
   */
  async group(id: string, traits: JsonObject = {}): Promise<void> {
    const host = await this.openHost();
    host.join(id, traits);
    const groups = (host.state.traits['groups'] ?? {}) as Record<string, JsonObject>;
    host.identify({ ...host.state.traits, groups: { ...groups, [id]: { groupId: id, ...traits } } });
  }

  /**
   * The person sees, clicks, dismisses, puts off or answers the latest message of a step in the app:
   * `ada.react('ask', answered, 'yes')`, `ada.react('nps', answered, { score: 9 })`.
   * @param answer the value of a choice, or the answers to the questions of a survey, by their ids. With the option `templates` it
   * is checked as the API does; without, as far as it answers a question of `j.ask`
   * @throws {Error} when no such message went out, the event is no reaction, an answer has no value, or it is none that the message
   * asks for
   */
  async react(
    step: string,
    reaction: EventDefinition<{ readonly step: string }>,
    answer?: string | Answers,
  ): Promise<void> {
    const properties = reactionTo(this, step, reaction.name, answer);
    const host = await this.openHost();
    // Whoever does anything with a message has also seen it.
    const { seen } = REACTIONS;
    if (!reactedTo(host.state.history.events, properties, seen))
      await host.receive(seen, reactionTo(this, step, seen, undefined), this.now);
    if (reaction.name === seen) return this.time.settle();
    await host.receive(reaction.name, properties, this.now);
    await this.time.settle();
  }

  /**
   * The provider reports about the latest message of a step: `ada.receipt('welcome', opened)`,
   * `ada.receipt('welcome', bounced, { permanent: true })`. As in production, an address that has bounced for good, bounced three times in
   * 14 days, or been reported as spam gets nothing more on the channel, and somebody who unsubscribes at the provider has opted out of it.
   * @param facts further properties of the event
   * @throws {Error} when no such message went out, or the event is no receipt
   */
  async receipt(
    step: string,
    reported: EventDefinition<{ readonly step: string }>,
    facts: JsonObject = {},
  ): Promise<void> {
    const properties = receiptOf(this, step, reported.name, facts);
    const unsubscribes = reported.name === RECEIPTS.unsubscribed && properties.channel;
    if (typeof unsubscribes === 'string') await this.consent(unsubscribes, false);
    await (await this.openHost()).receiveReceipt(reported.name, properties, this.now);
    await this.time.settle();
  }

  /**
   * What the person got, rendered, in order.
   * @throws {Error} when the traveller has no `templates`
   */
  get mailbox(): readonly MailboxMessage[] {
    return this.rendered.all;
  }

  /** The content of a message; null without `templates`. */
  contentOf({ id }: Message): JsonObject | null {
    return this.options.templates ? (this.mailbox.find((one) => one.id === id)?.content ?? null) : null;
  }

  /**
   * What the app shows now: the latest message of each card that is neither dismissed, put off nor expired, the latest card first.
   * @throws {Error} when the traveller has no `templates`
   */
  get inbox(): readonly MailboxMessage[] {
    const fates = fatesOf(this.mailbox, this.host?.state.history.events ?? [], this.runs);
    return shownIn(this.mailbox, fates, this.now);
  }

  /**
   * The value of a flag for the person now, by the flags and stages in `with` and by what journeys have set.
   * @returns undefined when there is no such flag
   */
  flag(name: string): Json | undefined {
    return ownFlag(name, this.id, this.host?.state ?? null, this.options);
  }

  /** Explains the outcome of a step in one sentence. */
  why(step: string): string {
    return explainStep(this.runs, step, this.now);
  }

  private async openHost(): Promise<MemoryHost> {
    const { channels = CHANNELS, consent = {}, topics } = this.options;
    if (this.host) return this.host;
    const definitions = await this.compiled();
    checkStandIns(this.calls, definitions);
    const traits = ownTraits(this.options);
    const person = {
      id: this.id,
      traits,
      reachable: channels,
      consent,
      createdAt: this.now,
      ...(topics && { topics }),
    };
    this.host = new MemoryHost(person, definitions);
    this.time.introduce(this.host);
    // On the server, the call that sets the traits would.
    if (definitions.hasCalendar || isMetBy(definitions, traits)) await this.host.decide(this.now);
    return this.host;
  }

  private compiled(): Promise<Definitions> {
    const { with: rules = {} } = this.options;
    const journeys = [...this.journeys, ...(rules.journeys ?? [])];
    return compile({ lifecycle: NO_STAGES, policy: policy(), ...rules, journeys, traits: {} }, outlineOf);
  }

  /** Makes each open call and delivers its answer, and renders what is new. Returns when the next call under way answers. */
  private async catchUp(host: MemoryHost): Promise<number | null> {
    const answersAt = await answerCalls(host, this.now, (step) => standInFor(this.calls, step));
    await this.rendered.renderNew(this.messages, host);
    return answersAt;
  }

  private async takeOver(journeys: readonly Journey[], calls: TravellerOptions['calls']): Promise<void> {
    this.journeys = journeys;
    if (calls) this.calls = { ...this.calls, ...calls };
    const host = await this.openHost();
    host.definitions = await this.compiled();
    checkStandIns(calls, host.definitions);
    await host.decide(this.now);
  }
}
