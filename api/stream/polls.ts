import type { Pool } from 'pg';
import { markOf, pollKey } from '../../store/in-app-announcements';
import { resultsFor } from '../../store/in-app-state';
import { readPollResults, type PollResults } from '../../store/poll-votes';

/** Whoever is shown the results of polls. */
interface Watcher {
  /** @param polls the JSON text of the results */
  sendPolls(polls: string): void;
}

/**
 * The polls whose results open pages show. A poll that is announced is read once for all who see it, so votes cost nothing for each
 * page but the sending.
 */
export class OpenPolls<W extends Watcher> {
  /** The names of the polls that each watcher sees, in their order. */
  private readonly names = new Map<W, readonly string[]>();
  /** The users who see each poll, by its mark. */
  private readonly watchers = new Map<string, { readonly poll: string; readonly by: Set<W> }>();
  private readonly stale = new Set<string>();

  constructor(private readonly pool: Pool) {}

  /** Notes which polls somebody sees from now on. */
  watch(watcher: W, polls: readonly string[]): void {
    if (String(polls) === String(this.names.get(watcher) ?? [])) return;
    for (const poll of this.names.get(watcher) ?? []) this.drop(poll, watcher);
    if (polls.length === 0) this.names.delete(watcher);
    else this.names.set(watcher, polls);
    for (const poll of polls) {
      const mark = markOf(pollKey(poll));
      const seen = this.watchers.get(mark) ?? { poll, by: new Set<W>() };
      this.watchers.set(mark, seen);
      seen.by.add(watcher);
    }
  }

  /**
   * Notes which polls are announced.
   * @returns whether anybody sees one of them
   */
  note(marks: readonly string[]): boolean {
    const seen = marks.flatMap((mark) => this.watchers.get(mark)?.poll ?? []);
    for (const poll of seen) this.stale.add(poll);
    return seen.length > 0;
  }

  /** Reads the results that have changed, and sends them to all who see them. */
  async send(): Promise<void> {
    const by = [...this.stale].flatMap((poll) => [...(this.watchers.get(markOf(pollKey(poll)))?.by ?? [])]);
    this.stale.clear();
    const polls = new Set(by.flatMap((watcher) => this.names.get(watcher) ?? []));
    if (polls.size === 0) return;
    const results = await readPollResults({ pool: this.pool }, [...polls]);
    const texts = new Map<string, string>();
    for (const watcher of new Set(by)) {
      const names = this.names.get(watcher) ?? [];
      // Whoever sees another poll since then is about to get a whole state.
      if (names.every((poll) => polls.has(poll))) watcher.sendPolls(textOf(names, results, texts));
    }
  }

  private drop(poll: string, watcher: W): void {
    const mark = markOf(pollKey(poll));
    const seen = this.watchers.get(mark);
    seen?.by.delete(watcher);
    if (seen?.by.size === 0) this.watchers.delete(mark);
  }
}

/** The JSON text of results, which is made once for all who see the same polls. */
function textOf(
  polls: readonly string[],
  results: ReadonlyMap<string, PollResults>,
  made: Map<string, string>,
): string {
  const key = polls.join('\n');
  const text = made.get(key) ?? JSON.stringify(resultsFor(polls, results));
  made.set(key, text);
  return text;
}
