import type { Definitions } from '../definitions/definitions';
import type { Json, JsonObject } from '../model/json';
import type { JoinedGroup } from '../model/group';
import { leaveFiltered } from '../model/counts';
import { MAX_FLAGS, MAX_TRAITS_BYTES } from '../model/limits';
import { getOwn } from '../model/own-property';
import { CHANNEL_NAME, type ChannelSpec } from '../model/channels';
import { completeReach } from '../model/reach';
import type { Ending } from '../model/ended';
import { countedAt } from '../model/entries';
import type { ChatChange } from '../model/chat-change';
import type { TrackedEvent } from '../model/tracked';
import type { RefusalCause } from '../model/refusals';
import type {
  ChannelName,
  Decision,
  History,
  Memory,
  Message,
  Reach,
  Run,
  SentRecord,
  StageChange,
  UserEvent,
  UserState,
} from '../model/state';
import { Runs } from './runs';

/** A working copy of the user's state, which one call of `advance` changes. Nothing outside that call sees it. */
export interface Draft {
  readonly id: string;
  reach: Reach;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  /** When history of the user was last imported; null if none ever was. */
  readonly importedAt: number | null;
  /** The engine has not advanced the user before. */
  readonly isNew: boolean;
  /** The wall time, epoch milliseconds. It is never before the watermark. */
  readonly wallTime: number;
  readonly history: History;
  readonly joined?: readonly JoinedGroup[];
  /** What is said of channels beside those that ship. */
  readonly channels: readonly ChannelSpec[];
  traits: JsonObject;
  memory: { -readonly [Field in keyof Memory]: Memory[Field] };
  readonly runs: Runs;
  /** The events that are not decided yet, and the history that is not taken into account yet, in the order they were received. */
  unseen: UserEvent[];
  readonly messages: Map<string, Message>;
  readonly tracked: TrackedEvent[];
  readonly chats: ChatChange[];
  /** The ends of runs that other runs have started, which these have not been told of yet. */
  endings: Ending[];
  readonly cancelledRuns: Set<string>;
  readonly cancelledMessages: Set<string>;
  readonly stageChanges: StageChange[];
  readonly decisions: Decision[];
}

/**
 * Opens a working copy of the state. A user without a memory gets a new one.
 * @param wallTime epoch milliseconds
 * @param imported history that the memory has not taken into account yet
 */
export function openDraft(
  state: UserState,
  wallTime: number,
  definitions: Definitions,
  imported: readonly UserEvent[] = [],
): Draft {
  const pending = state.history.events.filter((event) => event.pending).sort(byArrival);
  const unseen = imported.length === 0 ? pending : [...pending, ...imported].sort(byArrival);
  const memory = state.memory ?? freshMemory(state, pending[0]?.receivedAt ?? wallTime, definitions);
  return {
    id: state.id,
    reach: completeReach(state.reach, state.traits, definitions.channels),
    createdAt: state.createdAt,
    lastSeenAt: state.lastSeenAt,
    importedAt: state.importedAt ?? null,
    isNew: state.memory === null,
    wallTime: Math.max(wallTime, memory.watermark),
    history: state.history,
    ...(state.joined && { joined: state.joined }),
    channels: definitions.channels ?? [],
    traits: state.traits,
    memory: { ...memory, counts: countsOf(memory, state.history, definitions) },
    runs: new Runs(state.runs),
    unseen,
    messages: new Map(),
    tracked: [],
    chats: [],
    endings: [],
    cancelledRuns: new Set(),
    cancelledMessages: new Set(),
    stageChanges: [],
    decisions: [],
  };
}

/**
 * The number of events seen, by name. Other definitions may have counted fewer: they did not see events that none of their
 * milestones waited for. Then the counts of the history apply, as far as they were requested. A count never goes down.
 */
function countsOf({ version, counts }: Memory, { counts: told }: History, definitions: Definitions): Memory['counts'] {
  if (version === definitions.version) return { ...told, ...counts };
  const left = leaveFiltered(counts);
  const names = Object.keys({ ...told, ...left });
  return Object.fromEntries(names.map((name) => [name, Math.max(getOwn(told, name) ?? 0, getOwn(left, name) ?? 0)]));
}

/**
 * The memory of a new user. It begins with the first event that matters, so silence before it lets nobody enter. Somebody of whom only
 * history is known was met when that was imported.
 */
function freshMemory(state: UserState, beginning: number, { lifecycle, version }: Definitions): Memory {
  return {
    version,
    stage: lifecycle.initial,
    stageSince: Math.min(state.createdAt, beginning),
    metAt: Math.min(beginning, state.importedAt ?? Infinity),
    watermark: beginning,
    counts: {},
    entries: {},
    ...(state.assignedAs !== undefined && { assignedAs: state.assignedAs }),
    sent: [],
    points: 0,
    badges: [],
    flags: {},
  };
}

/** Compares events by when they were received, then by when they happened, then by id. */
export function byArrival(a: UserEvent, b: UserEvent): number {
  return a.receivedAt - b.receivedAt || a.at - b.at || compareIds(a.id, b.id);
}

/** Compares events by when they happened, then by when they were received, then by id. */
export function byOccurrence(a: UserEvent, b: UserEvent): number {
  return a.at - b.at || a.receivedAt - b.receivedAt || compareIds(a.id, b.id);
}

/** Compares events by when they were received, then by id, which is their order in a request. */
export function byReceipt(a: UserEvent, b: UserEvent): number {
  return a.receivedAt - b.receivedAt || compareIds(a.id, b.id);
}

/** Compares ids of events, which are growing numbers written as text. */
export function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** Notes a decision for the timeline, logs and summaries. `at` is epoch milliseconds. */
export function note(draft: Draft, decision: Omit<Decision, 'at'>, at: number): void {
  draft.decisions.push({ at, ...decision });
}

/** Remembers a sent message for the caps, and forgets those older than `horizonMs`, which no cap counts any more. */
export function rememberSent(draft: Draft, sent: SentRecord, horizonMs: number): void {
  draft.memory.sent = [...draft.memory.sent.filter(({ at }) => at > sent.at - horizonMs), sent];
}

/**
 * Remembers the entry into a run.
 * @param trigger the id of the trigger
 */
export function rememberEntry(
  draft: Draft,
  { journey, enteredAt: at, since }: Pick<Run, 'journey' | 'enteredAt' | 'since'>,
  trigger: string,
): void {
  const before = getOwn(draft.memory.entries, journey);
  const previous = countedAt(before);
  const latest = Math.max(since, before?.since ?? since);
  const count = (before?.count ?? 0) + 1;
  const entry = { at, count, trigger, since: latest, ...(previous !== undefined && { previous }) };
  draft.memory.entries = { ...draft.memory.entries, [journey]: entry };
}

/** Takes back that the entry into this run counts for `reenter`. For a run with a key, the run itself says so. */
export function discountEntry(draft: Draft, { journey, key, enteredAt }: Run): void {
  const entry = getOwn(draft.memory.entries, journey);
  if (key !== null || entry?.at !== enteredAt) return;
  draft.memory.entries = { ...draft.memory.entries, [journey]: { ...entry, uncounted: true } };
}

/**
 * Counts an entry into a journey that was refused.
 * @param at epoch milliseconds
 */
export function rememberRefusal(draft: Draft, journey: string, cause: RefusalCause, reason: string, at: number): void {
  const causes = getOwn(draft.memory.refused ?? {}, journey);
  const before = causes?.[cause];
  const refusals = { count: (before?.count ?? 0) + 1, firstAt: before?.firstAt ?? at, lastAt: at, reason };
  draft.memory.refused = { ...draft.memory.refused, [journey]: { ...causes, [cause]: refusals } };
}

/**
 * Remembers that a turn of a date or of the calendar has let the user enter a journey, or was refused. It does neither again.
 */
export function rememberTurn(draft: Draft, journey: string, turn: string | number): void {
  const before = getOwn(draft.memory.schedules ?? {}, journey);
  if (before) draft.memory.schedules = { ...draft.memory.schedules, [journey]: { ...before, last: turn } };
}

/** Sets a flag. Returns false when the user has too many flags for a new one. */
export function setFlag(draft: Draft, name: string, value: Json): boolean {
  const { flags } = draft.memory;
  if (!Object.hasOwn(flags, name) && Object.keys(flags).length >= MAX_FLAGS) return false;
  draft.memory.flags = { ...flags, [name]: value };
  return true;
}

/** Sets traits. Returns false, and sets none, when the user's traits would become too large. */
export function setTraits(draft: Draft, traits: JsonObject): boolean {
  const all = { ...draft.traits, ...traits };
  const size = bytesOf(all);
  // Traits of before there was a limit may be larger, and may shrink.
  if (size > MAX_TRAITS_BYTES && size > bytesOf(draft.traits)) return false;
  draft.traits = all;
  return true;
}

function bytesOf(traits: JsonObject): number {
  return Buffer.byteLength(JSON.stringify(traits));
}

/** The channels among the templates of a step, in the order it lists them. */
export function listedChannels(templates: Partial<Record<ChannelName, string>>): ChannelName[] {
  return (Object.keys(templates) as ChannelName[]).filter(
    (channel) => CHANNEL_NAME.test(channel) && templates[channel] !== undefined,
  );
}
