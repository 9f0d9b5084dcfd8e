import type { Journey } from '../authoring/journey';
import { eventText } from '../authoring/event';
import { narrowedName } from '../authoring/narrowed';
import type { LeadsTo, Outline, OutlineEdge, OutlineStep } from '../definitions/definitions';
import type { JsonObject } from '../model/json';
import { replay, type OnStep } from '../replay/replay';
import { stepType, type StepCall } from '../replay/steps';
import { exampleTriggers } from '../user/triggers';
import { ChoiceTree } from './choices';

const MAX_PATHS = 1_000;
const MAX_STEPS = 200;
/** Paths walked before other work gets a turn. They take a few milliseconds, and servers do this while they serve requests. */
const PATHS_A_TURN = 8;

/**
 * Walks every outcome of every step of a journey, without a user. It walks at most 1,000 paths of at most 200 steps, and sets
 * `truncated` when there are more.
 * @param traits example traits of a user, for steps that pick a value
 */
export async function outline(journey: Journey, traits: JsonObject = {}): Promise<Outline> {
  const found: Found = {
    steps: new Map<string, OutlineStep>(),
    edges: new Map<string, OutlineEdge>(),
    errors: new Map<string, Outline['errors'][number]>(),
    leadsTo: null,
  };
  const tree = new ChoiceTree();
  let truncated = false;
  let paths = 0;
  do {
    if (paths % PATHS_A_TURN === 0) await turn();
    if (paths++ === MAX_PATHS) return summarize(found, paths - 1, true);
    truncated = (await walk(journey, tree, found, traits)) || truncated;
  } while (tree.next());
  return summarize(found, paths, truncated);
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
}

function summarize({ steps, edges, errors, leadsTo }: Found, paths: number, truncated: boolean): Outline {
  const awaits = [...new Set([...steps.values()].flatMap((step) => step.awaits))];
  return {
    steps: [...steps.values()],
    edges: [...edges.values()],
    errors: [...errors.values()],
    awaits,
    ...(leadsTo && leadsTo.size > 0 && { leadsTo: [...leadsTo.values()] }),
    paths,
    truncated,
  };
}

/** Walks one path. Returns whether it was cut off. */
async function walk(journey: Journey, tree: ChoiceTree, found: Found, traits: JsonObject): Promise<boolean> {
  let from: string | null = null;
  let when = '';
  let taken = 0;
  let tookTime = false;
  const leadsTo = new Map<string, LeadsTo>();
  const connect = (to: string | null): void =>
    void found.edges.set(JSON.stringify([from, to, when]), { from, to, when });
  const take = <Value>(options: readonly (readonly [string, Value])[]): Value | undefined => {
    const option = options[options.length > 1 ? tree.choose(options.length) : 0];
    when = option?.[0] ?? '';
    return option?.[1];
  };

  const onStep: OnStep = (step, call) => {
    connect(step);
    from = step;
    when = '';
    if (!found.steps.has(step)) found.steps.set(step, describe(step, call));
    tookTime ||= stepType(call.kind).takesTime === true;
    if (call.leadsTo && !tookTime) leadsTo.set(JSON.stringify(call.leadsTo), call.leadsTo);
    if (call.ends || ++taken > MAX_STEPS) return 'suspend';
    if (call.outlined) return { value: call.outlined((labels) => take(labels.map((label) => [label, label])) ?? '') };
    return { value: call.answer(take(call.branches?.(traits) ?? []) ?? null) };
  };

  const trigger = take(exampleTriggers(journey));
  if (!trigger) return false;
  const end = await replay(journey, { trigger, key: journey.key ? 'example' : null }, onStep);
  if (end.kind === 'threw') found.errors.set(end.error.message, { step: end.step, message: end.error.message });
  else connect(null);
  found.leadsTo = found.leadsTo ? new Map([...found.leadsTo].filter(([text]) => leadsTo.has(text))) : leadsTo;
  return taken > MAX_STEPS;
}

function describe(step: string, { kind, text, message, awaited = [], work }: StepCall): OutlineStep {
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
    ...(work && { calls: true }),
  };
}
