import type { Journey } from '../authoring/journey';
import type { MemoryHost } from '../testing/memory-host';
import type { Run } from '../model/state';
import type { Outline } from '../definitions/definitions';
import type { CheckTemplate } from '../definitions/template-use';
import { numberless } from '../outline/numberless';
import { describePath, type Path, type PathEnd } from './path';
import { ofBoth, type Rest } from './rest';
import { differs } from './retrace';
import type { Steering } from './steering';
import { densest, higher, messagesAlong, messagesOf, NO_MESSAGES, totals } from './most-messages';
import { TemplateChecks } from './templates';
import { PathTree } from './tree';
import type { TimedWays } from './timed-ways';
import type { Sights } from './walk';

/**
 * How often each path is replayed. Code that uses random numbers may give the same result twice by chance, so in a journey with few paths each of
 * them is replayed more often.
 */
const TIMES = { usually: 2, often: 8, fewPaths: 32 };

/** A path that an exit event ends is part of another path. The others have no end of their own. */
const UNFINISHED: ReadonlySet<PathEnd> = new Set(['left', 'cut', 'again']);

/** Collects the findings on all paths of a journey. */
export class Survey implements Sights {
  readonly tree = new PathTree();
  readonly templates: TemplateChecks;
  readonly steps = new Set<string>();
  /** A path for each step that may wait forever. */
  readonly endless = new Map<string, string>();
  /** Each error with its step, once for all rounds of a loop, and a path. */
  readonly errors = new Map<string, { readonly step: string | null; readonly text: string; readonly path: string }>();
  readonly loops = new Set<string>();
  messages = NO_MESSAGES;
  left = 0;
  cut = 0;
  withoutGoal: { count: number; path: string | null } = { count: 0, path: null };
  durations: { shortest: number | null; longest: number | null } = { shortest: null, longest: null };
  budget: { most: number; path: string | null; proven: boolean } = { most: 0, path: null, proven: true };
  differing: string | null = null;
  private readonly toRetrace: { readonly path: Path; readonly run: Run }[] = [];

  constructor(
    private readonly journey: Journey,
    private readonly steering: Steering,
    checkTemplate: CheckTemplate,
    outline: Pick<Outline, 'steps'>,
    private readonly breathe: () => Promise<void>,
  ) {
    this.templates = new TemplateChecks(checkTemplate, outline);
  }

  onRest(host: MemoryHost, run: Run, known: number): Promise<void> {
    this.templates.checkSends(host, run, this.steering, known);
    return this.breathe();
  }

  onPath(path: Path, run: Run): void {
    this.messages = higher(this.messages, messagesOf(path));
    this.spend(path);
    this.time(path);
    if (!this.tree.add(path)) return;
    for (const { step } of path.steps) this.steps.add(step);
    // A step that fails leaves no record in the journal.
    if (run.failure?.step) this.steps.add(run.failure.step);
    this.count(path, run);
    if (this.differing === null && !UNFINISHED.has(path.end)) this.toRetrace.push({ path, run });
  }

  /** Replays the code over the paths added since the last call, until one differs. */
  async retrace(): Promise<void> {
    const times = this.tree.size <= TIMES.fewPaths ? TIMES.often : TIMES.usually;
    for (const { path, run } of this.toRetrace.splice(0)) {
      await this.breathe();
      if (this.differing === null && (await differs(this.journey, run, times))) this.differing = describePath(path);
    }
  }

  /** Notes what all paths of a walk have in common, also those that it did not walk because they go on as others do. */
  onWalked({ shortestMs, longestMs, most }: Rest, ways: TimedWays): void {
    this.include(shortestMs, longestMs);
    this.messages = [totals(most), messagesAlong(ways)].reduce(higher, this.messages);
    const { budget } = this.journey;
    const spent = budget ? ways.most(budget.withinMs, () => true) : 0;
    if (!budget || spent <= this.budget.most) return;
    const isOver = this.budget.most > budget.messages;
    this.budget = { ...this.budget, most: spent, path: isOver ? this.budget.path : null };
  }

  private count(path: Path, run: Run): void {
    const { end, reason, reachedGoal } = path;
    if (end === 'left') this.left++;
    if (end === 'completed' && !reachedGoal) {
      this.withoutGoal = { count: this.withoutGoal.count + 1, path: this.withoutGoal.path ?? describePath(path) };
    }
    if (end === 'open' && !this.endless.has(reason)) this.endless.set(reason, describePath(path));
    if (end === 'failed') {
      const step = run.failure?.step ?? null;
      const error = JSON.stringify([step && numberless(step), reason]);
      if (!this.errors.has(error)) this.errors.set(error, { step, text: reason, path: describePath(path) });
    }
    if (end === 'cut') {
      this.cut++;
      this.loops.add(reason);
    }
  }

  /** Notes how much of the budget a path uses. A loop that is cut off within the budget's period proves nothing. */
  private spend(path: Path): void {
    const { budget } = this.journey;
    if (!budget) return;
    const spent = densest(
      path.messages.map(({ at }) => at),
      budget.withinMs,
    );
    if (spent > this.budget.most) this.budget = { ...this.budget, most: spent, path: describePath(path) };
    if (path.end === 'cut' && path.loopMs < budget.withinMs) this.budget.proven = false;
  }

  private time({ end, durationMs }: Path): void {
    if (end !== 'completed' && end !== 'exited') return;
    this.include(durationMs, durationMs);
  }

  private include(shortestMs: number | null, longestMs: number | null): void {
    const { shortest, longest } = this.durations;
    this.durations = {
      shortest: ofBoth(Math.min, shortest, shortestMs),
      longest: ofBoth(Math.max, longest, longestMs),
    };
  }
}
