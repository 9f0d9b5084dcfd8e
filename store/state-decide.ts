import type { Pool } from 'pg';
import { advance, type Advanced } from '../engine/advance/advance';
import type { Definitions, DefinitionsProvider } from '../engine/definitions/definitions';
import type { HistoryRequest } from '../engine/model/state';
import { loadUser, NOTHING_MORE, extendLoad, type LoadedUser, type LoadExtension } from './state-load';

/** A user as loaded, and what the engine decided about them. Nothing of it is saved. */
export interface Decided {
  readonly loaded: LoadedUser;
  readonly advanced: Advanced;
  /** The time of the decision, epoch milliseconds of the journey clock. */
  readonly now: number;
  /** What it was decided under. Others may be in force by now. */
  readonly definitions: Definitions;
}

/** What a decision needs besides the user's id. */
export interface Decider {
  readonly pool: Pool;
  readonly definitions: DefinitionsProvider;
  /** Returns the present time of the journey clock, epoch milliseconds. */
  readonly now: () => number;
  /** Called after each load. It may reject the user by throwing an error. */
  readonly check?: (loaded: LoadedUser) => void;
  /** Called with what a step asks for: by the name of the event, when the events begin, epoch milliseconds. */
  readonly onAsked?: (since: Readonly<Record<string, number>>, now: number) => Promise<void>;
}

/** A request that changes nothing else of what is loaded. */
type Question = Extract<HistoryRequest, { kind: 'asked' | 'group' }>;

function isQuestion(request: HistoryRequest): request is Question {
  return request.kind === 'asked' || request.kind === 'group';
}

/** Does the engine itself ask, and not a step? Then nobody will ask for these events again. */
function isForImport(question: Question): boolean {
  return question.kind === 'asked' && question.forImport === true;
}

/**
 * Loads a user and decides what is due. Loads again, with more history, for as long as the engine asks for it.
 * @returns null when there is no such user
 */
export async function loadAndDecide(
  { pool, definitions, now, check, onAsked }: Decider,
  userId: string,
): Promise<Decided | null> {
  let extension: LoadExtension = NOTHING_MORE;
  for (;;) {
    // Both are read before the load, because other definitions may come into force while it runs.
    const { current, changes } = definitions;
    const loaded = await loadUser(pool, current, userId, extension);
    if (!loaded) return null;
    if (loaded.changes > changes) {
      // The stored journeys have changed. The former definitions may ignore an event that the new ones react to, so they must not
      // decide.
      await definitions.refresh();
      continue;
    }
    check?.(loaded);
    const decidedAt = now();
    let advanced = await advance(loaded.state, decidedAt, current);
    // What a step asks is loaded alone. If the user changes meanwhile, the save fails, as after any load.
    while (advanced.kind === 'missing history' && isQuestion(advanced.request)) {
      const { request } = advanced;
      if (!isForImport(request)) await onAsked?.(request.since, decidedAt);
      extension = await extendLoad(pool, userId, extension, request);
      const { asked, groups } = extension;
      const history = { ...loaded.state.history, asked, groups };
      advanced = await advance({ ...loaded.state, history }, decidedAt, current);
    }
    if (advanced.kind === 'advanced') return { loaded, advanced, now: decidedAt, definitions: current };
    extension = await extendLoad(pool, userId, extension, advanced.request);
  }
}
