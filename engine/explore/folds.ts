import type { Run, WaitingRecord } from '../model/state';
import { numberless } from '../outline/numberless';
import { zoneOf } from '../model/zone';
import { stepType } from '../replay/steps';
import type { MemoryHost } from '../testing/memory-host';
import { shapeOf, type Continuations, type Described } from './continuation';
import type { ReachedCaps } from './reached-caps';
import { sentBy, watermarkOf, type Counts, type Rest } from './rest';
import { TimedWays } from './timed-ways';

/** A place that a walk has come to: a user who waits in a step. */
export interface Visited {
  readonly step: string;
  readonly sent: Counts;
  /** What comes after it; null while that is being walked. Then whoever comes to it again is in a loop. */
  rest: Rest | null;
}

type Candidate = Visited & Described;

/**
 * The places that a walk has come to. From two places that are the same everything goes on in the same way, so it is walked from
 * one of them. Rounds of a loop differ in the numbers of their steps' names and in their time; neither makes a difference.
 *
 * Two places are the same if the engine knows the same about the user, with times counted from now, and if the code does the same
 * from there on. The date and the time of day are compared where a step to come depends on them. Counts (points, badges, events)
 * are not compared, since checks go both ways in a walk. Messages sent before are compared only where a cap counts them that can
 * be reached; see `TimedWays` for what comes together with them.
 */
export class Folds {
  /** All ways between the places. */
  readonly ways = new TimedWays();
  private readonly places = new Map<string, Candidate[]>();

  /**
   * @param caps the caps that are known to be reached
   * @param byNumber steps whose names differ in a number are different places
   */
  constructor(
    private readonly continuations: Continuations,
    private readonly caps: ReachedCaps,
    private readonly byNumber: boolean,
    /** The steps whose answers templates are known to read. */
    private readonly stepsRead: ReadonlySet<string>,
  ) {}

  /** The same place, if the walk has come to it before. Otherwise the place is noted. */
  async visit(
    host: MemoryHost,
    run: Run,
    waiting: WaitingRecord,
    label: string,
  ): Promise<{ place: Visited; isNew: boolean }> {
    const key = this.keyOf(host, run, waiting, label);
    const known = this.places.get(key) ?? [];
    this.places.set(key, known);
    const now = watermarkOf(host);
    const here: Candidate = { step: waiting.step, sent: sentBy(host), rest: null, run, now, continuations: [] };
    for (const place of known) if (await this.continuations.areSame(place, here)) return { place, isNew: false };
    known.push(here);
    return { place: here, isNew: true };
  }

  private keyOf(host: MemoryHost, run: Run, waiting: WaitingRecord, label: string): string {
    const { state, messages } = host;
    const { memory, traits, history } = state;
    const now = watermarkOf(host);
    const unused = history.events.filter(
      ({ id, at }) => at >= run.since && !run.consumed.includes(id) && id !== run.trigger.id,
    );
    return JSON.stringify([
      this.byNumber ? waiting.step : numberless(waiting.step),
      waiting.kind,
      waiting.hold,
      label,
      waiting.until === null ? null : waiting.until - now,
      run.goalAt !== null,
      traits,
      memory?.stage,
      this.caps.agesOf(memory?.sent ?? [], now, zoneOf(traits)),
      [...messages.values()]
        .filter(({ status }) => status === 'held')
        .map(({ channel, decidedAt }) => [channel, now - decidedAt]),
      [...new Set(unused.map(({ name }) => name))].sort(),
      shapeOf(run.trigger.properties),
      answersIn(run, this.stepsRead),
    ]);
  }
}

/** What templates can notice of the answers so far. What came of waits and messages concerns the code alone, unless they read it. */
function answersIn({ journal }: Run, stepsRead: ReadonlySet<string>): readonly string[] {
  const answers = journal
    .filter(
      ({ step, kind }) => stepsRead.has(step) || (!stepType(kind).waitsForEvents && !stepType(kind).holdsMessages),
    )
    .flatMap((record) =>
      record.status === 'waiting' ? [] : `${numberless(record.step)} ${JSON.stringify(shapeOf(record.outcome))}`,
    );
  return [...new Set(answers)].sort();
}
