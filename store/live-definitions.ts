import type { Pool } from 'pg';
import { assemble } from '../engine/json/assemble';
import type { Catalogue } from '../engine/json/schema';
import type { Definitions, DefinitionsProvider, StoredProblem } from '../engine/definitions/definitions';
import type { Journey } from '../engine/authoring/journey';
import { countChanges, storedInForce } from './stored-journeys';

/** How soon a change reaches this process. Real milliseconds. */
const POLL_MS = 1_000;

/** What live definitions are made of. */
export interface LiveParts {
  readonly pool: Pool;
  /** What the code defines. */
  readonly code: Definitions;
  readonly catalogue: Catalogue;
  /** Says what is wrong with a stored journey beside this code; it is in force all the same. */
  readonly check: (definitions: Definitions, journey: Journey) => Promise<readonly string[]>;
  /** Told of what does not run as it was published, a sentence each time. */
  readonly onProblem: (problem: string) => void;
  /** Told before other definitions come into force; they don't while it fails. */
  readonly onChange?: (next: Definitions) => Promise<void>;
  /** Told when the stored journeys could not be looked at; the next look makes good. */
  readonly onMissed: (error: unknown) => void;
}

/**
 * The definitions of the code and the stored journeys, kept up to date while the process runs: every process looks for itself,
 * so nothing has to be told to any of them.
 */
export class LiveDefinitions implements DefinitionsProvider {
  current: Definitions;
  since = 0;
  changes = -1;
  problems: readonly StoredProblem[] = [];
  /** What the check found, by the fingerprint of the journey. */
  private checked: ReadonlyMap<string, readonly string[]> = new Map();
  private refreshing: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;

  private constructor(private readonly parts: LiveParts) {
    this.current = parts.code;
  }

  /** Loads what is in force, and from then on follows it. */
  static async start(parts: LiveParts): Promise<LiveDefinitions> {
    const live = new LiveDefinitions(parts);
    await live.refresh();
    live.timer = setInterval(() => {
      if (live.refreshing === null) void live.refresh().catch(parts.onMissed);
    }, POLL_MS);
    return live;
  }

  /** Looks for changes now. A look begun before is waited for, and followed by another: it may have come too early. */
  async refresh(): Promise<void> {
    const before = this.refreshing;
    const next = (before ?? Promise.resolve()).catch(() => undefined).then(() => this.look());
    this.refreshing = next;
    try {
      await next;
    } finally {
      if (this.refreshing === next) this.refreshing = null;
    }
  }

  /** Stops following, once a look under way is over. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.refreshing?.catch(() => undefined);
  }

  private async look(): Promise<void> {
    const { pool, code, catalogue, onChange, onProblem } = this.parts;
    // Before the journeys: what comes between is looked at again, rather than missed.
    const changes = await countChanges(pool);
    if (changes === this.changes) return;
    const { definitions, problems } = await assemble(code, await storedInForce(pool), catalogue);
    for (const { text } of problems) onProblem(text);
    await onChange?.(definitions);
    this.current = definitions;
    this.since = Date.now();
    this.changes = changes;
    // Afterwards: what is found keeps nothing out of force.
    const found = await this.check(definitions);
    for (const { text } of found) onProblem(text);
    this.problems = [...problems, ...found];
  }

  /** Checks the stored journeys; one that is as it was is not checked again. */
  private async check(definitions: Definitions): Promise<StoredProblem[]> {
    const stored = definitions.journeys.filter((journey) => journey.stored !== undefined);
    const found = await Promise.all(
      stored.map(async (journey) => {
        const fingerprint = definitions.fingerprints[journey.id] ?? '';
        const texts = this.checked.get(fingerprint) ?? (await this.parts.check(definitions, journey));
        return { journey: journey.id, fingerprint, texts };
      }),
    );
    this.checked = new Map(found.map(({ fingerprint, texts }) => [fingerprint, texts]));
    return found.flatMap(({ journey, texts }) => texts.map((text) => ({ journey, text })));
  }
}
