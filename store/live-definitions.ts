import { performance } from 'node:perf_hooks';
import type { Pool } from 'pg';
import { assemble } from '../engine/json/assemble';
import type { Catalogue } from '../engine/json/schema';
import type { Definitions, DefinitionsProvider, StoredProblem } from '../engine/definitions/definitions';
import type { Journey } from '../engine/authoring/journey';
import { declareChannelTraits } from './channel-traits';
import { countChanges, storedInForce } from './stored-journeys';

/** Real milliseconds between two looks for changes. */
const POLL_MS = 1_000;

/** What a team's code defines, as far as stored journeys need it. */
export interface LiveCode {
  readonly definitions: Definitions;
  readonly catalogue: Catalogue;
  /** Returns the problems of a stored journey together with this code. The journey is in force all the same. */
  readonly check: (definitions: Definitions, journey: Journey) => Promise<readonly string[]>;
}

/** What `LiveDefinitions` needs. */
export interface LiveParts<Code extends LiveCode> {
  readonly pool: Pool;
  readonly code: Code;
  /** Called with one sentence for each stored journey that doesn't run as published, and for each problem that the check found. */
  readonly onProblem: (problem: string) => void;
  /** Called before other definitions come into force. While it throws, the former ones stay in force. */
  readonly onChange?: (next: Definitions) => Promise<void>;
  /** Called with the error when a look for changes failed. The next look is the retry. */
  readonly onMissed: (error: unknown) => void;
}

/**
 * The definitions in the code together with the stored journeys, kept up to date while the process runs. Every process polls the
 * database for changes, so that processes need no way to notify each other.
 */
export class LiveDefinitions<Code extends LiveCode = LiveCode> implements DefinitionsProvider {
  current: Definitions;
  since = 0;
  changes = -1;
  problems: readonly StoredProblem[] = [];
  /** The problems that the check found, by fingerprint of the journey. */
  private checked: ReadonlyMap<string, readonly string[]> = new Map();
  private refreshing: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;
  /** The code that the next look takes up. */
  private code: Code;
  /** The code that definitions were made of. */
  private readonly codes = new WeakMap<Definitions, Code>();

  private constructor(private readonly parts: LiveParts<Code>) {
    this.code = parts.code;
    this.current = parts.code.definitions;
    this.codes.set(this.current, parts.code);
  }

  /** Loads the definitions in force, and from then on looks for changes every second. */
  static async start<Code extends LiveCode>(parts: LiveParts<Code>): Promise<LiveDefinitions<Code>> {
    const live = new LiveDefinitions(parts);
    await live.declare();
    await live.refresh();
    live.timer = setInterval(() => {
      if (live.refreshing === null) void live.refresh().catch(parts.onMissed);
    }, POLL_MS);
    return live;
  }

  /**
   * Looks for changes now. If a look is under way, this waits for it and then starts another, because the first may have missed the
   * change.
   */
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

  /**
   * Returns the code that definitions were made of.
   * @param definitions those in force now, or before
   */
  codeOf(definitions: Definitions): Code {
    return this.codes.get(definitions) ?? this.code;
  }

  /**
   * Replaces the code. Its definitions are in force when this resolves.
   * @throws what `onChange` throws, and the database's error. The former definitions are in force then, until the next look succeeds
   */
  async replace(code: Code): Promise<void> {
    this.code = code;
    this.checked = new Map();
    await this.declare();
    await this.refresh();
  }

  /** Stops looking for changes. Resolves when a look under way has ended. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.refreshing?.catch(() => undefined);
  }

  /** The channels of the code are known to the database before anything is sent by them. */
  private async declare(): Promise<void> {
    await declareChannelTraits(this.parts.pool, this.code.definitions.channels);
  }

  private async look(): Promise<void> {
    const { pool, onChange, onProblem } = this.parts;
    const { code } = this;
    // Counted before the journeys are read: a change in between is then looked at again, rather than missed.
    const changes = await countChanges(pool);
    if (changes === this.changes && code === this.codeOf(this.current)) return;
    const { definitions, problems } = await assemble(code.definitions, await storedInForce(pool), code.catalogue);
    this.codes.set(definitions, code);
    for (const { text } of problems) onProblem(text);
    await onChange?.(definitions);
    this.current = definitions;
    this.since = performance.now();
    this.changes = changes;
    // Checked afterwards, because a problem keeps no journey out of force.
    const found = await this.check(definitions, code);
    for (const { text } of found) onProblem(text);
    this.problems = [...problems, ...found];
  }

  /** Checks the stored journeys. An unchanged journey is not checked again. */
  private async check(definitions: Definitions, code: Code): Promise<StoredProblem[]> {
    const stored = definitions.journeys.filter((journey) => journey.stored !== undefined);
    const found = await Promise.all(
      stored.map(async (journey) => {
        const fingerprint = definitions.fingerprints[journey.id] ?? '';
        const texts = this.checked.get(fingerprint) ?? (await code.check(definitions, journey));
        return { journey: journey.id, fingerprint, texts };
      }),
    );
    this.checked = new Map(found.map(({ fingerprint, texts }) => [fingerprint, texts]));
    return found.flatMap(({ journey, texts }) => texts.map((text) => ({ journey, text })));
  }
}
