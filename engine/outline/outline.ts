import type { Journey } from '../authoring/journey';
import { eventText } from '../authoring/event';
import { narrowedName } from '../authoring/narrowed';
import type { LeadsTo, Outline, OutlineEdge, OutlineStep } from '../definitions/definitions';
import type { Forget } from '../model/forget-at';
import type { Json, JsonObject } from '../model/json';
import { replay, type OnStep } from '../replay/replay';
import { stepType, type Branch, type MessageContent, type StepCall } from '../replay/steps';
import { exampleTriggers } from '../user/triggers';
import { ChoiceTree, OutcomeCover } from './choices';
import { unreachedSteps } from './declared-steps';
import { lookBackOf, type LookBack } from './look-back';
import { numberless } from './numberless';

/** The most paths of a journey that are all walked. */
export const MAX_PATHS = 1_000;
const MAX_STEPS = 200;
/** The steps on all paths together, where a loop makes more of them than can be walked. It stands for both ways to walk. */
const MAX_STEPS_IN_LOOPS = 15_000;
/** Paths walked before other work gets a turn. They take a few milliseconds, and servers do this while they serve requests. */
const PATHS_A_TURN = 8;

/** Receives each message of a path, and the answers of the steps before it. */
export type OnMessage = (step: string, message: MessageContent, answers: () => Readonly<Record<string, Json>>) => void;

/**
 * Walks every outcome of every step of a journey, without a user. It walks at most 1,000 paths of at most 200 steps, and sets
 * `truncated` when there are more. Then it takes each outcome of each step at least once, whatever the steps before it came to.
 * @param traits example traits of a user, for steps that pick a value
 * @param onMessage called for each message of each path
 */
export async function outline(journey: Journey, traits: JsonObject = {}, onMessage?: OnMessage): Promise<Outline> {
  const found = nothingFound(onMessage);
  const walked = await walkAll(journey, (choices) => walk(journey, choices, found, traits, branchesOf));
  // Data has no picks, so no other values lead further.
  if (journey.declares || unreachedSteps(journey, new Set(found.steps.keys())).length === 0)
    return summarize(found, walked);
  const further = await walkFurther(journey, found, traits);
  return summarize(found, { paths: walked.paths + further, truncated: walked.truncated });
}

/**
 * Walks with the values that picks may have for other people, and keeps the paths to steps that no path led to before. The values are
 * found by trial, so paths that lead nowhere else, or end in an error, say nothing.
 * @returns the number of paths that are kept
 */
async function walkFurther(journey: Journey, found: Found, traits: JsonObject): Promise<number> {
  let kept = 0;
  // To find the values takes many calls of the author's function. Paths that begin in the same way have the same.
  const known = new Map<string, readonly Branch[]>();
  const further: BranchesOf = (call, way) => {
    const branches = known.get(way) ?? (call.furtherBranches ?? call.branches)?.(traits) ?? [];
    known.set(way, branches);
    return branches;
  };
  await walkAll(journey, async (choices) => {
    const messages: Parameters<OnMessage>[] = [];
    const path = nothingFound((...message) => messages.push(message));
    const names = await walk(journey, choices, path, traits, further);
    if (path.errors.size > 0 || names.every((step) => found.steps.has(step))) return names;
    kept++;
    add(found, path);
    for (const message of messages) found.onMessage?.(...message);
    return names;
  });
  return kept;
}

function add(found: Found, path: Found): void {
  for (const [step, description] of path.steps) if (!found.steps.has(step)) found.steps.set(step, description);
  for (const [key, edge] of path.edges) found.edges.set(key, edge);
  for (const [name, forget] of path.forget) found.forget.set(name, forget);
  addLookBack(found.lookBack, path.lookBack);
  found.leadsTo = inBoth(found.leadsTo, path.leadsTo ?? new Map());
}

/** Makes the choices of one path after another. */
type Choices = Pick<OutcomeCover, 'choose' | 'next'>;
/** Walks one path. Returns the steps on it. */
type WalkOne = (choices: Choices) => Promise<readonly string[]>;
type Walked = Pick<Outline, 'paths' | 'truncated'>;

/** Walks all paths, or where there are too many, each outcome of each step. */
async function walkAll(journey: Journey, walkOne: WalkOne): Promise<Walked> {
  const every = await walkBy(journey, new ChoiceTree(), walkOne);
  if (!every.truncated) return every;
  const cover = await walkBy(journey, new OutcomeCover(), walkOne);
  return { paths: every.paths + cover.paths, truncated: true };
}

/** Walks path after path, as far as the bounds allow. */
async function walkBy(journey: Journey, choices: Choices, walkOne: WalkOne): Promise<Walked> {
  let truncated = false;
  let hasLoop = false;
  let steps = 0;
  let paths = 0;
  do {
    if (paths === MAX_PATHS || (hasLoop && steps > MAX_STEPS_IN_LOOPS)) return { paths, truncated: true };
    if (paths++ % PATHS_A_TURN === 0) await turn();
    const names = await walkOne(choices);
    steps += names.length;
    hasLoop ||= !journey.declares && new Set(names.map(numberless)).size < names.length;
    truncated ||= names.length > MAX_STEPS;
  } while (choices.next());
  return { paths, truncated };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

interface Found {
  readonly steps: Map<string, OutlineStep>;
  readonly edges: Map<string, OutlineEdge>;
  readonly errors: Map<string, Outline['errors'][number]>;
  /** What all paths so far do before they first take time, each as text; null before the first path. */
  leadsTo: ReadonlyMap<string, LeadsTo> | null;
  readonly forget: Map<string, Forget>;
  readonly lookBack: Map<string, number>;
  readonly onMessage?: OnMessage;
}

function nothingFound(onMessage?: OnMessage): Found {
  return {
    steps: new Map<string, OutlineStep>(),
    edges: new Map<string, OutlineEdge>(),
    errors: new Map<string, Outline['errors'][number]>(),
    leadsTo: null,
    forget: new Map(),
    lookBack: new Map(),
    ...(onMessage && { onMessage }),
  };
}

/** What all paths so far do, and this one does too. */
function inBoth(before: Found['leadsTo'], leadsTo: ReadonlyMap<string, LeadsTo>): ReadonlyMap<string, LeadsTo> {
  return before ? new Map([...before].filter(([text]) => leadsTo.has(text))) : leadsTo;
}

/** Adds how far back steps ask. Of two spans the longer one holds. */
export function addLookBack(known: Map<string, number>, more: LookBack): void {
  for (const [name, span] of more) known.set(name, Math.max(span, known.get(name) ?? 0));
}

/** It is no part of the outline itself, since a change of an outline is an edit of its journey. */
const lookBacks = new WeakMap<Outline, LookBack>();

/** How far back the steps of an outline ask what the user did, as far as that was found. */
export function lookBackIn(known: Outline): LookBack {
  return lookBacks.get(known) ?? new Map();
}

function summarize(found: Found, { paths, truncated }: Walked): Outline {
  const { steps, edges, errors, leadsTo, forget } = found;
  const awaits = [...new Set([...steps.values()].flatMap((step) => step.awaits))];
  const summary: Outline = {
    steps: [...steps.values()],
    edges: [...edges.values()],
    errors: [...errors.values()],
    awaits,
    ...(leadsTo && leadsTo.size > 0 && { leadsTo: [...leadsTo.values()] }),
    ...(forget.size > 0 && { forget: Object.fromEntries(forget) }),
    paths,
    truncated,
  };
  lookBacks.set(summary, found.lookBack);
  return summary;
}

/** The outcomes of a step. @param way the path that leads to it, as text */
type BranchesOf = (call: StepCall, way: string, traits: JsonObject) => readonly Branch[];

const branchesOf: BranchesOf = (call, _way, traits) => call.branches?.(traits) ?? [];

/** Walks one path. Returns the steps on it. */
async function walk(
  journey: Journey,
  choices: Choices,
  found: Found,
  traits: JsonObject,
  branches: BranchesOf,
): Promise<readonly string[]> {
  let way = '';
  let from: string | null = null;
  let when = '';
  const taken: string[] = [];
  let tookTime = false;
  const leadsTo = new Map<string, LeadsTo>();
  const answers = new Map<string, Json>();
  const connect = (to: string | null): void =>
    void found.edges.set(JSON.stringify([from, to, when]), { from, to, when });
  const take = <Value>(options: readonly (readonly [string, Value])[]): Value | undefined => {
    const option = options[options.length > 1 ? choices.choose(options.length, from ?? '') : 0];
    when = option?.[0] ?? '';
    way += JSON.stringify([from, when]);
    return option?.[1];
  };

  const onStep: OnStep = (step, call) => {
    connect(step);
    from = step;
    when = '';
    if (!found.steps.has(step)) {
      found.steps.set(step, describe(step, call));
      if (call.decides) addLookBack(found.lookBack, lookBackOf(call.decides, traits));
    }
    tookTime ||= stepType(call.kind).takesTime === true;
    for (const { name, forget } of call.awaited ?? []) if (forget) found.forget.set(name, forget);
    if (call.leadsTo && !tookTime) leadsTo.set(JSON.stringify(call.leadsTo), call.leadsTo);
    if (call.ends || taken.push(step) > MAX_STEPS) return 'suspend';
    if (call.message) found.onMessage?.(step, call.message, () => Object.fromEntries(answers));
    const outcomes = branches(call, way + step, traits);
    const outcome = (call.outlined ? outcomes[0]?.[1] : take(outcomes)) ?? null;
    const told = stepType(call.kind).tells?.(outcome);
    if (told !== undefined) answers.set(step, told);
    if (call.outlined) return { value: call.outlined((labels) => take(labels.map((label) => [label, label])) ?? '') };
    return { value: call.answer(outcome) };
  };

  const trigger = take(exampleTriggers(journey));
  if (!trigger) return taken;
  const end = await replay(journey, { trigger, key: journey.key ? 'example' : null }, onStep);
  if (end.kind === 'threw') {
    const { step } = end;
    const { message } = end.error;
    found.errors.set(JSON.stringify([step && numberless(step), message]), { step, message });
    // A path that was cut off does not end there.
  } else if (taken.length <= MAX_STEPS) connect(null);
  found.leadsTo = inBoth(found.leadsTo, leadsTo);
  return taken;
}

function describe(step: string, { kind, text, message, awaited = [], work, leadsTo }: StepCall): OutlineStep {
  const { templates = {}, data = {} } = message ?? {};
  const awaits = awaited.map(({ name }) => name);
  const filters = awaited.flatMap((event) => (event.filters ? eventText(event) : []));
  const narrowed = awaited.flatMap((event) => narrowedName(event) ?? []);
  return {
    step,
    kind,
    text,
    templates,
    data,
    awaits,
    ...(filters.length > 0 && { filters }),
    ...(narrowed.length > 0 && { narrowed }),
    ...(leadsTo && 'journey' in leadsTo && { starts: leadsTo.journey }),
    ...(work && { calls: true }),
  };
}
