import { ChoiceTree } from './choices';
import { replay, type OnStep } from '../replay/replay';
import { namesOf } from '../authoring/event';
import { exampleTriggers, outcomes } from './examples';
import type { Journey, SendOutcome } from '../authoring/journey';
import type { JsonObject } from '../model/json';
import type { ChannelName, StepKind } from '../model/state';
import type { StepDetail } from '../replay/steps/index';
import type { StepHandler } from '../replay/steps/handler';

/** A step as the journey's code states it. */
export interface OutlineStep {
  readonly step: string;
  readonly kind: StepKind;
  /** Duration, variants, templates: what a diagram would say. */
  readonly text: string;
  readonly templates: Partial<Record<ChannelName, string>>;
  readonly data: JsonObject;
  readonly awaits: readonly string[];
}

/** That one step can follow another, and the outcome that leads there; null is the journey's begin or end. */
export interface OutlineEdge {
  readonly from: string | null;
  readonly to: string | null;
  readonly when: string;
}

/** What can be known of a journey without running it for anyone. */
export interface Outline {
  readonly steps: readonly OutlineStep[];
  readonly edges: readonly OutlineEdge[];
  readonly awaits: readonly string[];
  readonly paths: number;
  /** There were more paths, or longer ones, than were walked. */
  readonly truncated: boolean;
  /** Mistakes met on the way: overlapping steps, a repeated name, an exception. */
  readonly errors: readonly { readonly step: string | null; readonly message: string }[];
}

const MAX_PATHS = 1_000;
const MAX_STEPS = 200;
/** Paths walked before others get a turn: some milliseconds, and journeys are taken up where people are served. */
const PATHS_A_TURN = 8;

/** Walks every outcome of every step of a journey, without a user, within bounds that are reported. */
export async function outline(journey: Journey, traits: JsonObject = {}): Promise<Outline> {
  const found = {
    steps: new Map<string, OutlineStep>(),
    edges: new Map<string, OutlineEdge>(),
    errors: new Map<string, Outline['errors'][number]>(),
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
}

function summarize({ steps, edges, errors }: Found, paths: number, truncated: boolean): Outline {
  const awaits = [...new Set([...steps.values()].flatMap((step) => step.awaits))];
  return {
    steps: [...steps.values()],
    edges: [...edges.values()],
    errors: [...errors.values()],
    awaits,
    paths,
    truncated,
  };
}

/** Walks one path. Answers whether it was cut off. */
async function walk(journey: Journey, tree: ChoiceTree, found: Found, traits: JsonObject): Promise<boolean> {
  let from: string | null = null;
  let when = '';
  let taken = 0;
  const connect = (to: string | null): void =>
    void found.edges.set(JSON.stringify([from, to, when]), { from, to, when });
  const take = <Value>(options: readonly (readonly [string, Value])[]): Value | undefined => {
    const option = options[options.length > 1 ? tree.choose(options.length) : 0];
    when = option?.[0] ?? '';
    return option?.[1];
  };

  const onStep: OnStep = <Answer>(step: string, handler: StepHandler<Answer>, detail: StepDetail) => {
    connect(step);
    from = step;
    when = '';
    if (!found.steps.has(step)) found.steps.set(step, describe(step, handler.kind, detail));
    if (handler.kind === 'exit' || ++taken > MAX_STEPS) return 'suspend';
    if (handler.kind === 'send')
      return {
        value: lookedAt(() =>
          take([
            ['sent', 'sent'],
            ['suppressed', 'suppressed'],
          ]),
        ) as Answer,
      };
    return { value: handler.answer(take(outcomes(handler.kind, detail, traits)) ?? null) };
  };

  const trigger = take(exampleTriggers(journey));
  if (!trigger) return false;
  const end = await replay(journey, { trigger, key: journey.key ? 'example' : null }, onStep);
  if (end.kind === 'threw') found.errors.set(end.error.message, { step: end.step, message: end.error.message });
  else connect(null);
  return taken > MAX_STEPS;
}

/** The answer of a send, which branches the path only where the code looks at it. */
function lookedAt(choose: () => string | undefined): SendOutcome {
  let status: string | undefined;
  return {
    get status() {
      status ??= choose();
      return status === 'suppressed' ? 'suppressed' : 'sent';
    },
    channel: null,
    reason: '',
  };
}

function describe(step: string, kind: StepKind, { text, templates = {}, options, awaited }: StepDetail): OutlineStep {
  return { step, kind, text, templates, data: options?.data ?? {}, awaits: awaited ? namesOf(awaited) : [] };
}
