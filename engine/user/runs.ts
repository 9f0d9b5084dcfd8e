import { isOpen } from '../model/run';
import type { Run } from '../model/state';

/**
 * The runs of a user during one advance, in the order in which they were loaded or entered. Runs that end stay in the list. Every
 * lookup takes the same time however many runs there are, because anyone who can send events can make a user enter many.
 */
export class Runs implements Iterable<Run> {
  private readonly list: Run[];
  private readonly places = new Map<string, number>();
  private readonly latest = new Map<string, number>();
  private readonly openByKey = new Map<string, number>();
  private readonly openByJourney = new Map<string, number>();

  constructor(runs: readonly Run[]) {
    this.list = [];
    for (const run of runs) this.add(run);
  }

  [Symbol.iterator](): Iterator<Run> {
    return this.list[Symbol.iterator]();
  }

  /** All runs. Later changes of the list show in it. */
  get all(): readonly Run[] {
    return this.list;
  }

  has(id: string): boolean {
    return this.places.has(id);
  }

  /** The run of this id. */
  get(id: string): Run | undefined {
    const place = this.places.get(id);
    return place === undefined ? undefined : this.list[place];
  }

  add(run: Run): void {
    this.places.set(run.id, this.list.length);
    this.latest.set(nameOf(run), this.list.length);
    this.list.push(run);
    this.count(run, 1);
  }

  /** Replaces the run of the same id. */
  replace(run: Run): void {
    const place = this.places.get(run.id);
    const former = this.get(run.id);
    if (place === undefined || !former) throw new Error(`There is no run ${run.id} to replace.`);
    this.list[place] = run;
    this.count(former, -1);
    this.count(run, 1);
  }

  /** Is a run of this journey and key open? */
  isInside(journey: string, key: string | null): boolean {
    return (this.openByKey.get(nameOf({ journey, key })) ?? 0) > 0;
  }

  /** The number of open runs of a journey, over all keys. */
  openIn(journey: string): number {
    return this.openByJourney.get(journey) ?? 0;
  }

  /** The run of this journey and key that was entered last, open or not. */
  last(journey: string, key: string | null): Run | undefined {
    const place = this.latest.get(nameOf({ journey, key }));
    return place === undefined ? undefined : this.list[place];
  }

  /** The same, leaving out runs of which the entry does not count for `reenter`. */
  lastCounted(journey: string, key: string | null): Run | undefined {
    const last = this.last(journey, key);
    if (!last?.uncounted) return last;
    return this.list.findLast((run) => run.journey === journey && run.key === key && !run.uncounted);
  }

  private count(run: Run, change: 1 | -1): void {
    if (!isOpen(run)) return;
    add(this.openByKey, nameOf(run), change);
    add(this.openByJourney, run.journey, change);
  }
}

/** Identifies a journey and key. Ids of journeys have no line breaks. */
function nameOf({ journey, key }: Pick<Run, 'journey' | 'key'>): string {
  return key === null ? journey : `${journey}\n${key}`;
}

function add(counts: Map<string, number>, name: string, change: number): void {
  counts.set(name, (counts.get(name) ?? 0) + change);
}
