import type { Journey } from '../authoring/journey';
import { eventText } from '../authoring/event';
import { narrowedName } from '../authoring/narrowed';
import type { LeadsTo, Outline, OutlineEdge, OutlineStep } from '../definitions/definitions';
import type { Forget } from '../model/forget-at';
import type { Json, JsonObject } from '../model/json';
import { replay, type OnStep } from '../replay/replay';
import { stepType, type MessageContent, type StepCall } from '../replay/steps';
import { exampleTriggers } from '../user/triggers';
import { ChoiceTree, OutcomeCover } from './choices';
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
  const found: Found = {
    steps: new Map<string, OutlineStep>(),
    edges: new Map<string, OutlineEdge>(),
    errors: new Map<string, Outline['errors'][number]>(),
    leadsTo: null,
    forget: new Map(),
    ...(onMessage && { onMessage }),
  };
  const every = await walkAll(journey, new ChoiceTree(), found, traits);
  if (!every.truncated) return summarize(found, every);
  const cover = await walkAll(journey, new OutcomeCover(), found, traits);
  return summarize(found, { paths: every.paths + cover.paths, truncated: true });
}

/** Makes the choices of one path after another. */
type Choices = Pick<OutcomeCover, 'choose' | 'next'>;
type Walked = Pick<Outline, 'paths' | 'truncated'>;

/** Walks path after path, as far as the bounds allow. */
async function walkAll(journey: Journey, choices: Choices, found: Found, traits: JsonObject): Promise<Walked> {
  let truncated = false;
  let hasLoop = false;
  let steps = 0;
  let paths = 0;
  do {
    if (paths === MAX_PATHS || (hasLoop && steps > MAX_STEPS_IN_LOOPS)) return { paths, truncated: true };
    if (paths++ % PATHS_A_TURN === 0) await turn();
    const names = await walk(journey, choices, found, traits);
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
  readonly onMessage?: OnMessage;
}

function summarize({ steps, edges, errors, leadsTo, forget }: Found, { paths, truncated }: Walked): Outline {
  const awaits = [...new Set([...steps.values()].flatMap((step) => step.awaits))];
  return {
    steps: [...steps.values()],
    edges: [...edges.values()],
    errors: [...errors.values()],
    awaits,
    ...(leadsTo && leadsTo.size > 0 && { leadsTo: [...leadsTo.values()] }),
    ...(forget.size > 0 && { forget: Object.fromEntries(forget) }),
    paths,
    truncated,
  };
}

/** Walks one path. Returns the steps on it. */
async function walk(journey: Journey, choices: Choices, found: Found, traits: JsonObject): Promise<readonly string[]> {
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
    return option?.[1];
  };

  const onStep: OnStep = (step, call) => {
    connect(step);
    from = step;
    when = '';
    if (!found.steps.has(step)) found.steps.set(step, describe(step, call));
    tookTime ||= stepType(call.kind).takesTime === true;
    for (const { name, forget } of call.awaited ?? []) if (forget) found.forget.set(name, forget);
    if (call.leadsTo && !tookTime) leadsTo.set(JSON.stringify(call.leadsTo), call.leadsTo);
    if (call.ends || taken.push(step) > MAX_STEPS) return 'suspend';
    if (call.message) found.onMessage?.(step, call.message, () => Object.fromEntries(answers));
    const branches = call.branches?.(traits) ?? [];
    const outcome = (call.outlined ? branches[0]?.[1] : take(branches)) ?? null;
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
  found.leadsTo = found.leadsTo ? new Map([...found.leadsTo].filter(([text]) => leadsTo.has(text))) : leadsTo;
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
