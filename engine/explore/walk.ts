import type { Definitions } from '../definitions/definitions';
import { waitingRecord } from '../model/run';
import type { ChannelName, Run, WaitingRecord } from '../model/state';
import { ChoiceTree } from '../outline/choices';
import type { Chosen } from '../replay/steps';
import { MemoryHost } from '../testing/memory-host';
import { ENTER } from '../user/commands';
import { triggerType } from '../user/triggers';
import { pathOf, type Path } from './path';
import type { Steering } from './steering';

/** Monday noon: every path begins at the same moment, outside the usual quiet hours. */
const BEGIN = Date.parse('2026-01-05T12:00:00Z');

/** Who walks: by which channels they can be reached, and whether they do what is awaited at once or at the last moment. */
export interface Walker {
  readonly reachable: readonly ChannelName[];
  readonly pace: 'at once' | 'at the last moment';
  /** Leave by every exit and goal from every step they rest in. */
  readonly leaving: boolean;
}

/** How far a walk goes at most: paths that end, and how often the person rests on the way. */
export interface Bounds {
  readonly maxPaths: number;
  readonly maxRests: number;
}

/** What a walk meets on its way. */
export interface Sights {
  /** A path ended. */
  onPath(path: Path, run: Run): void;
  /** The person rests in a step, or their run is over; of its journal so many entries are no news. The walk goes on once it is noted. */
  onRest(host: MemoryHost, run: Run, known: number): Promise<void>;
}

/** A person resting in a step. */
interface Place {
  readonly host: MemoryHost;
  /** What let them enter, where there is more than one. */
  readonly entry: string;
  /** What was chosen so far, by step. */
  readonly chosen: Map<string, Chosen>;
  readonly goalIn: { readonly step: string; readonly event: string } | null;
  /** How long the journal was before this place. */
  readonly known: number;
}

/** What happens to a person who rests. */
type Happening = (host: MemoryHost) => Promise<void>;

/**
 * Walks every path of a journey depth first, each step of the way decided by the engine. Where time or an event could go on in
 * several ways the person is doubled; where the code decides at once, that call of the engine is repeated for each decision.
 */
export class Walk {
  /** There is more than the bounds allow to walk. */
  truncated = false;
  private paths = 0;
  private rests = 0;
  private readonly looked: number;
  private readonly texts: ReadonlyMap<string, string>;

  constructor(
    private readonly steering: Steering,
    private readonly definitions: Definitions,
    private readonly walker: Walker,
    private readonly bounds: Bounds,
    private readonly sights: Sights,
  ) {
    this.looked = steering.looked.size;
    const steps = definitions.outlines.get(steering.journey.id)?.steps ?? [];
    this.texts = new Map(steps.map(({ step, text }) => [step, text]));
  }

  /** The code was seen to look at something more: the walk was given up and has to begin again. */
  get outdated(): boolean {
    return this.steering.looked.size > this.looked;
  }

  async walk(): Promise<void> {
    const { journey } = this.steering;
    const name = triggerType(journey.enter).letsInAlways?.(journey.enter) ?? ENTER + journey.id;
    const host = new MemoryHost(
      { id: 'example', traits: this.definitions.traits, reachable: this.walker.reachable, createdAt: BEGIN },
      this.definitions,
    );
    for (const [entry, properties] of this.steering.entries()) {
      if (this.over) return;
      const outside = { host, chosen: new Map(), entry, goalIn: null, known: 0 };
      await this.goOn(outside, (entering) => entering.receive(name, properties, BEGIN));
    }
  }

  private async goOn(place: Place, happen: Happening, goalIn = place.goalIn, chosen = place.chosen): Promise<void> {
    const choices = new ChoiceTree();
    // The step they rest in is news: it may be decided now.
    const known = Math.max(0, (runIn(place.host, this.steering.journey.id)?.journal.length ?? 0) - 1);
    do {
      const next = { ...place, host: place.host.fork(), chosen: new Map(chosen), goalIn, known };
      this.steering.follow(choices, next.chosen);
      await happen(next.host);
      await this.arrive(next);
    } while (choices.next() && !this.over);
  }

  private get over(): boolean {
    return this.truncated || this.outdated;
  }

  private async arrive(place: Place): Promise<void> {
    const { id } = this.steering.journey;
    const run = runIn(place.host, id);
    if (!run) throw new Error(`Nobody can enter '${id}'.`);
    await this.sights.onRest(place.host, run, place.known);
    if (run.status !== 'active') {
      this.finish(place, run, null);
      return;
    }
    if (this.rests++ === this.bounds.maxRests) {
      this.truncated = true;
      return;
    }
    const resting = waitingRecord(run);
    if (!resting) throw new Error(`The run of '${run.journey}' is active and waits for nothing.`);
    if (this.steering.isWait(resting.step) && resting.until === null) this.finish(place, run, resting.step);
    for (const [chosen, happen] of this.waysOn(place.host, run, resting)) {
      if (this.over) return;
      await this.goOn(place, happen, place.goalIn, new Map(place.chosen).set(resting.step, chosen));
    }
    await this.leave(place, run, resting);
  }

  /** What ends the step the person rests in, each with what is chosen by it. */
  private waysOn(host: MemoryHost, run: Run, resting: WaitingRecord): (readonly [Chosen, Happening])[] {
    const { step, until, awaitsAnswer } = resting;
    const now = watermarkOf(host);
    const timeout: Happening = (later) => later.passUntil(until ?? now);
    const only = { label: '' };
    if (awaitsAnswer) return [[only, (called) => called.answerCall(run.id, step, { result: null }, now)]];
    if (!this.steering.isWait(step)) return [[only, timeout]];
    return this.steering.waysOut(step).map(([label, event]) => {
      if (event === null) return [{ label, event }, timeout];
      const at = until === null || this.walker.pace === 'at once' ? now : until;
      const meet: Happening = async (met) => {
        await met.passUntil(at - 1);
        await met.receive(event.name, event.properties, at);
      };
      return [{ label, event: event.name }, meet];
    });
  }

  /** What can happen in any step: an exit, or the goal where no step awaits it. */
  private async leave(place: Place, run: Run, { step }: WaitingRecord): Promise<void> {
    if (!this.walker.leaving) return;
    const { exit, goal } = this.steering.journey;
    const now = watermarkOf(place.host);
    const awaited = this.steering.waysOut(step).map(([label]) => label);
    for (const name of exit) {
      if (this.over || awaited.includes(name)) continue;
      await this.goOn(place, (leaving) => leaving.receive(name, {}, now));
    }
    const open = goal && run.goalAt === null && now - run.enteredAt <= (goal.withinMs ?? Infinity);
    if (!open || this.over || [...awaited, ...exit].includes(goal.event)) return;
    const goalIn = goal.exit ? null : { step, event: goal.event };
    await this.goOn(place, (reaching) => reaching.receive(goal.event, goal.example, now), goalIn);
  }

  private finish({ host, entry, chosen, goalIn }: Place, run: Run, waitsFor: string | null): void {
    if (this.outdated) return;
    if (this.paths === this.bounds.maxPaths) {
      this.truncated = true;
      return;
    }
    this.paths++;
    const { journey, looked } = this.steering;
    const goal = journey.goal?.event ?? null;
    const textOf = (step: string): string => this.steering.textOf(step) ?? this.texts.get(step) ?? '';
    this.sights.onPath(pathOf(host, run, { entry, waitsFor, goal, goalIn, chosen, looked: looked.sends, textOf }), run);
  }
}

function watermarkOf({ state }: MemoryHost): number {
  return state.memory?.watermark ?? state.createdAt;
}

function runIn({ runs }: MemoryHost, journey: string): Run | undefined {
  return runs.find((run) => run.journey === journey);
}
