import { compile } from '../outline/compile';
import { openCalls } from '../model/run';
import { makeCall, workOf } from '../replay/calls';
import { stepType } from '../replay/steps';
import { type Definitions, type Sources } from '../definitions/definitions';
import { describeMs, toMs, type Duration } from '../model/duration';
import type { EventDefinition } from '../authoring/event';
import type { Journey } from '../authoring/journey';
import type { Json, JsonObject } from '../model/json';
import { lifecycle } from '../authoring/lifecycle';
import { IDENTIFY } from '../model/activity';
import { MemoryHost } from './memory-host';
import { policy } from '../policy/define';
import {
  CHANNELS,
  type Call,
  type ChannelName,
  type Decision,
  type Message,
  type Run,
  type StepRecord,
} from '../model/state';
import type { TrackedEvent } from '../model/tracked';
import { openDraft } from '../user/draft';

/** The person of a test, and the rules. */
export interface TravellerOptions {
  /** Default `ada`. */
  readonly id?: string;
  /** IANA time zone, such as `Europe/Berlin`. Default: UTC. */
  readonly timezone?: string;
  readonly traits?: JsonObject;
  /** The channels that reach the person. Default: all. */
  readonly channels?: readonly ChannelName[];
  readonly consent?: Partial<Record<ChannelName, boolean>>;
  /** When virtual time begins, ISO 8601. Default: Monday, 5 January 2026, noon UTC. */
  readonly at?: string;
  /** Further journeys, stages and the policy. Default: no further journeys, no stages, the default policy. */
  readonly with?: Partial<Omit<Sources, 'traits'>>;
}

const NO_STAGES = lifecycle({ initial: 'new', rules: [] });

/**
 * Makes a person in virtual time, for tests of journeys. Tests need no server and no waiting, and use the production
 * engine and policy.
 */
export function traveller(journey: Journey | readonly Journey[], options: TravellerOptions = {}): Traveller {
  return new Traveller([journey].flat(), options);
}

/** See {@link traveller}. */
export class Traveller {
  private clock: number;
  private readonly id: string;
  private host: MemoryHost | null = null;

  constructor(
    private journeys: readonly Journey[],
    private readonly options: TravellerOptions,
  ) {
    this.clock = Date.parse(options.at ?? '2026-01-05T12:00:00Z');
    this.id = options.id ?? 'ada';
  }

  /** The present virtual time, epoch milliseconds. */
  get now(): number {
    return this.clock;
  }

  /**
   * The person does something. Journeys react at once.
   * @param ago how late the event arrives. Default: it arrives at once
   * @throws whatever the function of a `call` throws
   */
  async track<Properties>(
    event: EventDefinition<Properties>,
    properties: Properties & JsonObject,
    { ago }: { readonly ago?: Duration } = {},
  ): Promise<void> {
    const host = await this.openHost();
    await host.receive(event.name, properties, this.clock, this.clock - (ago ? toMs(ago) : 0));
    await this.answerCalls(host);
  }

  /** Lets time pass. Everything that comes due in the meantime happens at its moment. */
  async forward(duration: Duration): Promise<void> {
    await this.passTo(this.clock + toMs(duration));
  }

  /**
   * Lets time pass until a moment.
   * @param moment ISO 8601
   */
  async forwardTo(moment: string): Promise<void> {
    await this.passTo(Date.parse(moment));
  }

  /** Replaces the journeys, as a deploy does while people are inside. */
  async deploy(journey: Journey | readonly Journey[]): Promise<void> {
    this.journeys = [journey].flat();
    const host = await this.openHost();
    host.definitions = await this.compiled();
    await host.decide(this.clock);
    await this.answerCalls(host);
  }

  /**
   * Changes the person's traits with an `identify`. It counts as activity, and is an event once the engine knows the
   * person.
   */
  async identify(traits: JsonObject): Promise<void> {
    const host = await this.openHost();
    host.identify({ ...host.state.traits, ...traits });
    host.see(this.clock);
    if (host.state.memory === null) return;
    await host.receive(IDENTIFY, traits, this.clock);
    await this.answerCalls(host);
  }

  /** Messages that went out, in order. */
  get messages(): readonly Message[] {
    return this.byStatus('queued');
  }

  /** Messages that were not sent, each with a reason. */
  get suppressed(): readonly Message[] {
    return this.byStatus('suppressed');
  }

  /** Messages that are held until quiet hours end. */
  get held(): readonly Message[] {
    return this.byStatus('held');
  }

  /** The events that journeys have tracked for others and for the person, in order. The person's own have arrived. */
  get tracked(): readonly TrackedEvent[] {
    return this.host?.tracked ?? [];
  }

  /** All runs; those that ended come first. */
  get runs(): readonly Run[] {
    return this.host?.runs ?? [];
  }

  /** The step records of the last open run; if none is open, of the run that ended last. */
  get journal(): readonly StepRecord[] {
    return this.runs.at(-1)?.journal ?? [];
  }

  /** All decisions, in order. */
  get decisions(): readonly Decision[] {
    return this.host?.decisions ?? [];
  }

  /** The person's stage; '' before the first event. */
  get stage(): string {
    return this.host?.state.memory?.stage ?? '';
  }

  /** The points, badges and flags that journeys gave the person, and their traits. */
  get profile(): {
    readonly points: number;
    readonly badges: readonly string[];
    readonly flags: Readonly<Record<string, Json>>;
    readonly traits: JsonObject;
  } {
    const { points = 0, badges = [], flags = {} } = this.host?.state.memory ?? {};
    return { points, badges, flags, traits: this.host?.state.traits ?? {} };
  }

  /** Explains the outcome of a step in one sentence. */
  why(step: string): string {
    const record = this.runs.flatMap(({ journal }) => journal).findLast((candidate) => candidate.step === step);
    if (!record) return `'${step}' was not reached`;
    const facts = Object.keys(record.facts).length > 0 ? ` ${JSON.stringify(record.facts)}` : '';
    const outcome = record.status !== 'waiting' && stepType(record.kind).holdsMessages ? record.outcome : null;
    if (record.status === 'waiting')
      return `'${step}' waits for ${record.reason}${record.until === null ? '' : `, ${describeMs(record.until - this.clock)} to go`}${facts}`;
    return `'${step}' ${record.status}: ${record.reason}${outcome === null ? '' : ` ${JSON.stringify(outcome)}`}${facts}`;
  }

  private async passTo(end: number): Promise<void> {
    const host = await this.openHost();
    await host.passUntil(end, async (now) => {
      this.clock = Math.max(this.clock, now);
      await this.answerCalls(host);
    });
    this.clock = end;
  }

  private byStatus(status: Message['status']): Message[] {
    return [...(this.host?.messages.values() ?? [])]
      .filter((message) => message.status === status)
      .sort((a, b) => a.decidedAt - b.decidedAt);
  }

  private async openHost(): Promise<MemoryHost> {
    const { timezone, traits = {}, channels = CHANNELS, consent = {} } = this.options;
    this.host ??= new MemoryHost(
      {
        id: this.id,
        traits: { ...(timezone === undefined ? {} : { timezone }), ...traits },
        reachable: channels,
        consent,
        createdAt: this.clock,
      },
      await this.compiled(),
    );
    return this.host;
  }

  private compiled(): Promise<Definitions> {
    const { with: rules = {} } = this.options;
    return compile({
      lifecycle: NO_STAGES,
      policy: policy(),
      ...rules,
      journeys: [...this.journeys, ...(rules.journeys ?? [])],
      traits: {},
    });
  }

  /** Makes each open call and delivers its answer, at the same virtual time. */
  private async answerCalls(host: MemoryHost): Promise<void> {
    const next = (): Call | undefined => host.state.runs.flatMap(openCalls)[0];
    for (let open = next(); open; open = next()) {
      const { runId, step } = open;
      const run = host.state.runs.find(({ id }) => id === runId);
      if (!run) return;
      const journey = host.definitions.journeys.find(({ id }) => id === run.journey);
      const work = journey ? await workOf(journey, run, step) : null;
      const draft = openDraft(host.state, this.clock, host.definitions);
      const answer = work ? await makeCall(work, draft, run, step, this.clock) : { result: null };
      await host.answerCall(run.id, step, answer, this.clock);
    }
  }
}
