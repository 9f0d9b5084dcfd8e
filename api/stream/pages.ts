import type { ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import type { Pool } from 'pg';
import { openStreams } from '../../config/metrics';
import type { UserToken } from '../../config/tokens';
import type { DefinitionsProvider } from '../../engine/definitions/definitions';
import type { Clock } from '../../engine/model/clock';
import { IN_APP_CHANNEL, markOf, marksIn } from '../../store/in-app-announcements';
import { readInAppStates } from '../../store/in-app-state';
import { Listener } from '../../store/listener';
import { Problem } from '../problem';
import { Page, type PageEvents } from './page';
import { OpenPolls } from './polls';
import { wireState } from './state';

/** The most streams of a user in one process. */
const STREAMS_PER_USER = 20;
/** Real seconds after which another stream may have ended. */
const RETRY_AFTER_S = 30;
/** Users who are read by one statement. */
const AT_ONCE = 200;
/** Interval of the search for what is due: comments, expired tokens and messages, second looks. Real milliseconds. */
const SWEEP_MS = 500;
/** A user is read again after this time even if nothing was announced: an announcement may have been lost. Real milliseconds. */
const SECOND_LOOK_MS = 60_000;
/** Pause after a read that failed. Real milliseconds. */
const FAILURE_PAUSE_MS = 1_000;
/** Results of polls are sent at most this often, however many vote. Real milliseconds. */
const POLLS_MS = 100;
/** How long a reader may leave a state untaken. Real milliseconds. */
const PATIENCE_MS = 30_000;

/** A user with open pages. */
interface Viewer {
  readonly userId: string;
  readonly pages: Set<Page>;
  /** When their state was last asked for, by the steady clock. */
  askedAt: number;
  /** When their messages change by time alone, epoch milliseconds of the journey clock. */
  changesAt: number;
  sendPolls(polls: string): void;
}

/** What open pages need. */
export interface PagesParts {
  readonly pool: Pool;
  readonly databaseUrl: string;
  readonly clock: Clock;
  readonly definitions: Pick<DefinitionsProvider, 'current'>;
  /** Called with the error when states could not be read. They are read again a second later. */
  readonly onMissed: (error: unknown) => void;
  /** For tests. Default: `PATIENCE_MS`. */
  readonly patienceMs?: number;
}

/**
 * The pages that are open in this process. When a user is announced, their state is read, and each of their pages gets what has changed
 * since what it was sent last. So an announcement says nothing about what happened, may be repeated, and may be superfluous; a page that
 * has missed any number of them gets the same as one that has missed none.
 */
export class Pages {
  /** Users by their mark, which two of them may share. */
  private readonly viewers = new Map<string, Viewer[]>();
  private readonly stale = new Set<Viewer>();
  private readonly polls: OpenPolls<Viewer>;
  /** Runs while results of polls are about to be sent. */
  private pollTimer: NodeJS.Timeout | null = null;
  private pollsAreDue = false;
  private reading: Promise<void> | null = null;
  private stopping = false;
  private readonly listener: Listener;
  private readonly timer: NodeJS.Timeout;

  private constructor(private readonly parts: PagesParts) {
    openStreams.inc(0);
    this.polls = new OpenPolls(parts.pool);
    this.listener = Listener.start({
      url: parts.databaseUrl,
      channel: IN_APP_CHANNEL,
      applicationName: 'sojourn-in-app',
      onNotification: (payload) => this.hear(marksIn(payload)),
      onListening: () => this.read([...this.viewers.values()].flat()),
    });
    this.timer = setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  static start(parts: PagesParts): Pages {
    return new Pages(parts);
  }

  /**
   * Checks whether a user may open one more page.
   * @throws {Problem} 429 when they have too many, 503 when this process stops
   */
  admit(userId: string): void {
    if (this.stopping) throw new Problem(503, { detail: 'This server is stopping. Connect again.', retryAfter: 1 });
    if ((this.find(userId)?.pages.size ?? 0) >= STREAMS_PER_USER)
      throw new Problem(429, {
        detail: `A user may have at most ${STREAMS_PER_USER} streams open. Close another one first.`,
        retryAfter: RETRY_AFTER_S,
      });
  }

  /**
   * Takes over a response whose headers are sent, and writes to it until it is closed or the token expires.
   * @param version the id of the last event that the client has received; empty if it has received none
   */
  open(response: ServerResponse, { userId, expiresAt }: UserToken, version: string): void {
    // Its client has left while the token was checked. Nothing would ever tell that the page is closed.
    if (response.closed) return;
    const viewer = this.find(userId) ?? this.add(userId);
    const events: PageEvents = {
      onClosed: (page) => this.close(viewer, page),
      onCaughtUp: () => this.read([viewer]),
    };
    viewer.pages.add(new Page(response, version, expiresAt, events));
    openStreams.inc();
    this.read([viewer]);
  }

  /** Ends all streams. Resolves when no read is under way. */
  async stop(): Promise<void> {
    this.stopping = true;
    clearInterval(this.timer);
    clearTimeout(this.pollTimer ?? undefined);
    this.pollsAreDue = false;
    this.listener.stop();
    this.stale.clear();
    for (const { pages } of [...this.viewers.values()].flat()) for (const page of pages) page.end('stopping');
    await this.reading;
  }

  private find(userId: string): Viewer | undefined {
    return this.viewers.get(markOf(userId))?.find((viewer) => viewer.userId === userId);
  }

  private add(userId: string): Viewer {
    const pages = new Set<Page>();
    const sendPolls = (polls: string): void => {
      for (const page of pages) page.sendPolls(polls);
    };
    const viewer: Viewer = { userId, pages, askedAt: 0, changesAt: Infinity, sendPolls };
    const mark = markOf(userId);
    this.viewers.set(mark, [...(this.viewers.get(mark) ?? []), viewer]);
    return viewer;
  }

  private close(viewer: Viewer, page: Page): void {
    viewer.pages.delete(page);
    openStreams.dec();
    if (viewer.pages.size > 0) return;
    this.stale.delete(viewer);
    this.polls.watch(viewer, []);
    const mark = markOf(viewer.userId);
    const others = (this.viewers.get(mark) ?? []).filter((other) => other !== viewer);
    if (others.length > 0) this.viewers.set(mark, others);
    else this.viewers.delete(mark);
  }

  private hear(marks: readonly string[]): void {
    this.read(marks.flatMap((mark) => this.viewers.get(mark) ?? []));
    if (!this.polls.note(marks) || this.stopping) return;
    this.pollTimer ??= setTimeout(() => {
      this.pollTimer = null;
      this.pollsAreDue = true;
      this.reading ??= this.readStale();
    }, POLLS_MS);
  }

  private sweep(): void {
    const now = performance.now();
    const { clock, patienceMs = PATIENCE_MS } = this.parts;
    const [real, virtual] = [clock.real(), clock.now()];
    const due: Viewer[] = [];
    for (const viewers of this.viewers.values())
      for (const viewer of viewers) {
        for (const page of viewer.pages)
          if (page.expiresAt <= real) page.end('token');
          else page.beat(now, patienceMs);
        if (viewer.changesAt <= virtual || now - viewer.askedAt > SECOND_LOOK_MS) due.push(viewer);
      }
    this.read(due);
  }

  /** Reads the states of some users, and sends their pages what has changed. */
  private read(viewers: readonly Viewer[]): void {
    if (viewers.length === 0 || this.stopping) return;
    for (const viewer of viewers) {
      this.stale.add(viewer);
      viewer.askedAt = performance.now();
      viewer.changesAt = Infinity;
    }
    this.reading ??= this.readStale();
  }

  private async readStale(): Promise<void> {
    // Others may become stale in the same turn.
    await turn();
    // States and results are read one after the other, so that no page gets older results after newer ones.
    while (this.stale.size > 0 || this.pollsAreDue) {
      if (this.pollsAreDue) {
        this.pollsAreDue = false;
        await this.polls.send().catch(this.parts.onMissed);
      }
      const some = [...this.stale].slice(0, AT_ONCE);
      for (const viewer of some) this.stale.delete(viewer);
      await this.readSome(some);
    }
    this.reading = null;
  }

  private async readSome(viewers: readonly Viewer[]): Promise<void> {
    // A page that is opened meanwhile may have seen more already, before it was connected again. It gets the next read.
    const readers = viewers.map((viewer) => ({ viewer, pages: [...viewer.pages] }));
    try {
      const { pool, clock, definitions } = this.parts;
      const states = await readInAppStates(
        pool,
        viewers.map(({ userId }) => userId),
        clock.now(),
      );
      for (const { viewer, pages } of readers) {
        const found = states.get(viewer.userId);
        const state = found && wireState(found, definitions.current);
        if (state) viewer.changesAt = state.changesAt;
        if (viewer.pages.size > 0) this.polls.watch(viewer, Object.keys(found?.polls ?? {}));
        for (const page of pages)
          if (state) page.send(state);
          else page.end('token');
      }
    } catch (error) {
      this.parts.onMissed(error);
      await pause(FAILURE_PAUSE_MS);
      this.read(viewers.filter(({ pages }) => pages.size > 0));
    }
  }
}
