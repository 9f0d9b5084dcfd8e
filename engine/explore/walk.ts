import { goalNames } from '../authoring/journey';
import { inEveryTopic } from '../topics/everyone';
import type { Definitions } from '../definitions/definitions';
import { waitingRecord } from '../model/run';
import { shownName } from '../model/shown-name';
import type { ChannelName, Run, WaitingRecord } from '../model/state';
import { ChoiceTree } from '../outline/choices';
import type { Chosen } from '../replay/steps';
import { MemoryHost } from '../testing/memory-host';
import { ENTER } from '../user/commands';
import { triggerType } from '../user/triggers';
import type { Folds } from './folds';
import { pathOf, type Open, type Path } from './path';
import { runAt, type Arrived, type Place } from './place';
import {
  countsOf,
  either,
  ENDED,
  forever,
  NO_REST,
  preceded,
  sentBetween,
  sentBy,
  since,
  watermarkOf,
  type Rest,
} from './rest';
import type { Steering } from './steering';

/** A Monday noon (UTC). Every path begins at this moment, which is outside the default quiet hours. */
const BEGIN = Date.parse('2026-01-05T12:00:00Z');

/** The person that walks the paths. */
export interface Walker {
  /** The channels that reach them. */
  readonly reachable: readonly ChannelName[];
  /** When they do what a step awaits. */
  readonly pace: 'at once' | 'at the last moment';
  /** Whether exits and the goal are tried in every step in which they wait. */
  readonly leaving: boolean;
}

/** The bounds of a walk. */
export interface Bounds {
  /** The most paths to their end. */
  readonly maxPaths: number;
  /** The most waits on all paths together. */
  readonly maxRests: number;
  /** A path that is cut off ends the walk: it would have to be walked in another manner anyway. */
  readonly endsAtCut?: boolean;
}

/** Receives what a walk finds. */
export interface Sights {
  /** A path ended. */
  onPath(path: Path, run: Run): void;
  /**
   * The person waits in a step, or the run has ended. The walk goes on when the promise resolves.
   * @param known how many records of the journal were reported before
   */
  onRest(host: MemoryHost, run: Run, known: number): Promise<void>;
}

/** What happens next to a person that waits. */
type Next = (host: MemoryHost) => Promise<void>;

/**
 * Walks every path of a journey depth first. The engine decides every step. Where time or events allow several ways on,
 * the person is copied for each. Where the code decides at once, the same advance is repeated for each decision.
 */
export class Walk {
  /** True if a bound ended the walk early. */
  truncated = false;
  /** The number of times that the walk came to a place that is the same as one before. */
  folded = 0;
  /** What can come from the entry on. It is whole when the walk is over. */
  rest = NO_REST;
  private paths = 0;
  private waits = 0;
  private readonly knownReads: number;
  private readonly texts: ReadonlyMap<string, string>;

  constructor(
    private readonly steering: Steering,
    private readonly definitions: Definitions,
    private readonly walker: Walker,
    private readonly bounds: Bounds,
    private readonly sights: Sights,
    private readonly folds: Folds | null,
  ) {
    this.knownReads = steering.reads.size;
    const steps = definitions.outlines.get(steering.journey.id)?.steps ?? [];
    this.texts = new Map(steps.map(({ step, text }) => [step, text]));
  }

  /** True if the code read something new. The walk was then given up and has to start over. */
  get outdated(): boolean {
    return this.steering.reads.size > this.knownReads;
  }

  /** Walks all paths, until a bound is met or the walk is outdated. */
  async walk(): Promise<void> {
    const { journey } = this.steering;
    const isByHand = triggerType(journey.enter).entersByEvent === undefined;
    const host = new MemoryHost(
      {
        id: 'example',
        traits: this.definitions.traits,
        reachable: this.walker.reachable,
        topics: inEveryTopic(this.definitions.topics),
        createdAt: BEGIN,
      },
      this.definitions,
    );
    for (const [entry, { name, properties }] of await this.steering.entries()) {
      if (this.over) return;
      const outside = { host, chosen: new Map(), entry, goalIn: null, known: 0, visited: null };
      const enter: Next = (copy) => copy.receive(isByHand ? ENTER + journey.id : name, properties, BEGIN);
      this.rest = either(this.rest, await this.goOn(outside, enter));
    }
  }

  private async goOn(place: Place, next: Next, goalIn = place.goalIn, chosen = place.chosen): Promise<Rest> {
    const choices = new ChoiceTree();
    let rest = NO_REST;
    // The record of the step they wait in counts as new: it may be decided now.
    const known = Math.max(0, (runAt(place, this.steering.journey.id)?.journal.length ?? 0) - 1);
    do {
      const copy = { ...place, host: place.host.fork(), chosen: new Map(chosen), goalIn, known };
      this.steering.follow(choices, copy.chosen);
      await next(copy.host);
      const came = await this.arrive(copy);
      const ms = watermarkOf(copy.host) - watermarkOf(place.host);
      const sent = sentBetween(place.host, copy.host);
      this.folds?.ways.add(place.visited, { to: came.at, ms, sent });
      rest = either(rest, preceded(came.rest, ms, countsOf(sent)));
    } while (choices.next() && !this.over);
    return rest;
  }

  private get over(): boolean {
    return this.truncated || this.outdated;
  }

  /** Goes on from a place to the ends of all paths. */
  private async arrive(place: Place): Promise<Arrived> {
    const { id } = this.steering.journey;
    const run = runAt(place, id);
    if (!run) throw new Error(`Expected the example event to start a run of '${id}', but no run was started.`);
    await this.sights.onRest(place.host, run, place.known);
    if (run.status !== 'active') return { at: null, rest: this.finish(place, run) };
    if (this.waits++ === this.bounds.maxRests) {
      this.truncated = true;
      return { at: null, rest: NO_REST };
    }
    const waiting = waitingRecord(run);
    if (!waiting)
      throw new Error(`Expected the active run of '${run.journey}' to wait in a step, but no step record is waiting.`);
    const label = place.chosen.get(waiting.step)?.label ?? '';
    const visit = await this.folds?.visit(place.host, run, waiting, label);
    if (visit && !visit.isNew) {
      this.folded++;
      this.finish(place, run, { as: visit.place.step });
      return { at: visit.place, rest: visit.place.rest ?? forever(since(sentBy(place.host), visit.place.sent)) };
    }
    const visited = visit?.place ?? null;
    const rest = await this.pass({ ...place, visited }, run, waiting);
    if (visited) visited.rest = rest;
    return { at: visited, rest };
  }

  /** Goes on from a step in which the person waits, by all ways out of it. Returns what is still to come there. */
  private async pass(place: Place, run: Run, waiting: WaitingRecord): Promise<Rest> {
    let rest = NO_REST;
    if (this.steering.isWait(waiting.step) && waiting.until === null)
      rest = this.finish(place, run, { waitsFor: waiting.step });
    for (const [chosen, next] of await this.waysOn(place, run, waiting)) {
      if (this.over) return rest;
      rest = either(rest, await this.goOn(place, next, place.goalIn, new Map(place.chosen).set(waiting.step, chosen)));
    }
    return either(rest, await this.leave(place, run, waiting));
  }

  /** The ways out of the step in which the person waits, each with the choice it stands for. */
  private async waysOn(
    { host, chosen: before }: Place,
    run: Run,
    waiting: WaitingRecord,
  ): Promise<readonly (readonly [Chosen, Next])[]> {
    const { step, until, awaitsAnswer } = waiting;
    const now = watermarkOf(host);
    const timeout: Next = (copy) => copy.passUntil(until ?? now);
    // A step may have been chosen for when it was entered.
    const only = before.get(step) ?? { label: '' };
    if (awaitsAnswer)
      return this.steering
        .answersTo(step)
        .map(([label, result]) => [{ label }, (copy) => copy.answerCall(run.id, step, { result }, now)]);
    if (!this.steering.isWait(step)) return [[only, timeout]];
    const waysOut = [...this.steering.waysOut(step), ...(await this.steering.otherWaysOut(run, step))];
    return waysOut.map(([label, event]) => {
      if (event === null) return [{ label, event }, timeout];
      const at = until === null || this.walker.pace === 'at once' ? now : until;
      const receive: Next = async (copy) => {
        await copy.passUntil(at - 1);
        await copy.receive(event.name, event.properties, at);
      };
      return [{ label, event: event.name }, receive];
    });
  }

  /** Tries what can happen in any step: each exit, and the goal, unless the step awaits that event itself. */
  private async leave(place: Place, run: Run, { step }: WaitingRecord): Promise<Rest> {
    let rest = NO_REST;
    if (!this.walker.leaving) return rest;
    const { goal } = this.steering.journey;
    const exit = this.steering.exits();
    const now = watermarkOf(place.host);
    const awaited = this.steering.waysOut(step).flatMap(([, event]) => event?.name ?? []);
    for (const { name, properties, isFiltered } of exit) {
      if (this.over || (!isFiltered && awaited.includes(name))) continue;
      rest = either(rest, await this.goOn(place, (copy) => copy.receive(name, properties, now)));
    }
    const open = goal && run.goalAt === null && now - run.enteredAt <= (goal.withinMs ?? Infinity);
    if (!open) return rest;
    const tried = [...awaited, ...exit.map(({ name }) => name)];
    for (const { name, properties, isFiltered } of this.steering.goals()) {
      if (this.over || (!isFiltered && tried.includes(name))) continue;
      const goalIn = goal.exit ? null : { step, event: shownName(name) };
      rest = either(rest, await this.goOn(place, (copy) => copy.receive(name, properties, now), goalIn));
    }
    return rest;
  }

  /** Notes the end of a path. Returns what comes after it: nothing. */
  private finish({ host, entry, chosen, goalIn }: Place, run: Run, open: Open = {}): Rest {
    if (this.outdated) return NO_REST;
    if (this.paths === this.bounds.maxPaths) {
      this.truncated = true;
      return NO_REST;
    }
    this.paths++;
    const { journey, reads } = this.steering;
    const goal = journey.goal && goalNames(journey.goal).map(shownName).join(' or ');
    const textOf = (step: string): string => this.steering.textOf(step) ?? this.texts.get(step) ?? '';
    const path = pathOf(host, run, { ...open, entry, goal, goalIn, chosen, readSends: reads.sends, textOf });
    this.sights.onPath(path, run);
    if (path.end === 'cut' && this.bounds.endsAtCut) this.truncated = true;
    return path.end === 'completed' || path.end === 'exited' ? ENDED : NO_REST;
  }
}
