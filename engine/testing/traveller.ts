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
import { openDraft } from '../user/draft';

/** Who travels, and under which rules. */
export interface TravellerOptions {
  readonly id?: string;
  /** IANA zone, e.g. `Europe/Berlin`. Default UTC. */
  readonly timezone?: string;
  readonly traits?: JsonObject;
  /** The channels the person can be reached by. Default all. */
  readonly channels?: readonly ChannelName[];
  readonly consent?: Partial<Record<ChannelName, boolean>>;
  /** When the journey of time begins, ISO 8601. Default Monday, 5 January 2026, noon UTC. */
  readonly at?: string;
  /** Other journeys, stages and policy to travel under. Default: no stages, the default policy. */
  readonly with?: Partial<Omit<Sources, 'traits'>>;
}

/** The name an `identify` is stored under. */
const IDENTIFY = 'Identify';
const NO_STAGES = lifecycle({ initial: 'new', rules: [] });

/** A person in virtual time, for tests of journeys: no server, no waiting, the engine and policy of production. */
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

  /** The present moment, epoch milliseconds. */
  get now(): number {
    return this.clock;
  }

  /** The person does something. `ago` lets the event arrive late. */
  async track<Properties>(
    event: EventDefinition<Properties>,
    properties: Properties & JsonObject,
    { ago }: { readonly ago?: Duration } = {},
  ): Promise<void> {
    const host = await this.travelling();
    await host.receive(event.name, properties, this.clock, this.clock - (ago ? toMs(ago) : 0));
    await this.answerCalls(host);
  }

  /** Lets time pass. Everything that comes due on the way happens at its moment. */
  async forward(duration: Duration): Promise<void> {
    await this.passTo(this.clock + toMs(duration));
  }

  /** Lets time pass until a moment, ISO 8601. */
  async forwardTo(moment: string): Promise<void> {
    await this.passTo(Date.parse(moment));
  }

  /** The journeys are edited and deployed while the person is on the way. */
  async deploy(journey: Journey | readonly Journey[]): Promise<void> {
    this.journeys = [journey].flat();
    const host = await this.travelling();
    host.definitions = await this.compiled();
    await host.decide(this.clock);
    await this.answerCalls(host);
  }

  /** The person's traits change, by an `identify`: a sign of life, and to whom the engine knows an event. */
  async identify(traits: JsonObject): Promise<void> {
    const host = await this.travelling();
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

  /** Messages that were not sent; each has its reason. */
  get suppressed(): readonly Message[] {
    return this.byStatus('suppressed');
  }

  /** Messages that wait for the end of quiet hours. */
  get held(): readonly Message[] {
    return this.byStatus('held');
  }

  /** All runs, those that ended first. */
  get runs(): readonly Run[] {
    return this.host?.runs ?? [];
  }

  /** The steps entered by the run that is open or, if none is, ended last, with outcome, time, reason and facts. */
  get journal(): readonly StepRecord[] {
    return this.runs.at(-1)?.journal ?? [];
  }

  /** Everything that was decided, in order. */
  get decisions(): readonly Decision[] {
    return this.host?.decisions ?? [];
  }

  get stage(): string {
    return this.host?.state.memory?.stage ?? '';
  }

  /** What the engine remembers: points, badges, flags. */
  get profile(): {
    readonly points: number;
    readonly badges: readonly string[];
    readonly flags: Readonly<Record<string, Json>>;
    readonly traits: JsonObject;
  } {
    const { points = 0, badges = [], flags = {} } = this.host?.state.memory ?? {};
    return { points, badges, flags, traits: this.host?.state.traits ?? {} };
  }

  /** Why a step came out as it did, in one sentence. */
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
    const host = await this.travelling();
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

  private async travelling(): Promise<MemoryHost> {
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

  /** Calls are made at once and answer at once, in virtual time. */
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
