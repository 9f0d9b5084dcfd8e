import { compile } from '../outline/compile';
import { triggerText } from '../user/triggers';
import { type Definitions, type Sources } from '../definitions/definitions';
import { goalNames, type Journey } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import { policy } from '../policy/define';
import { CHANNELS, type ChannelName } from '../model/state';
import type { CheckTemplate } from '../definitions/template-use';

import { defectsOf } from './defects';
import type { Exploration } from './exploration';
import { ReadTracker } from './read-tracker';
import { Steering } from './steering';
import { Survey } from './survey';
import { Walk, type Bounds, type Walker } from './walk';

export type { Defect, DefectKind, Exploration } from './exploration';
export type { TreeEnd, TreeStep, TreeWay } from './tree';

/** The rules that a journey is explored under, and the bounds of the walk. */
export interface ExploreOptions {
  /** Stages, policy and example traits. Default: no stages, the default policy, no traits. */
  readonly with?: Partial<Omit<Sources, 'journeys'>>;
  /** Checks each template with the data that a path sends it. Default: templates are not checked. */
  readonly checkTemplate?: CheckTemplate;
  /** The most paths that each walker walks. Default 10,000. */
  readonly maxPaths?: number;
  /** The most waits on all paths of one walker together. Default: no bound. */
  readonly maxRests?: number;
  /** Awaited at every wait, so that a process with other work can do it in between. */
  readonly breathe?: () => Promise<void>;
}

/** The most rounds of a loop. Each next bound is tried while the walk exceeds its other bounds. */
const ROUNDS = [50, 10, 3, 1];

/**
 * Walks every path of a journey in virtual time, with the production engine and policy. A path branches at:
 * - each awaited event, with its example, and the timeout;
 * - both answers of a check, and each variant of an experiment;
 * - sent and suppressed, where the code reads a send's status;
 * - each exit and the goal, in every step in which the person waits.
 *
 * Calls are not made; they answer null.
 *
 * Several walkers walk every path. The first is reachable by all channels and does at once what is awaited. The second
 * does it at the last moment. There is one more for each channel that is ever a second choice, reachable by that
 * channel only. The report says where a bound cut the walk off.
 * @throws whatever `compile` throws for a journey that does not compile
 */
export async function explore(journey: Journey, options: ExploreOptions = {}): Promise<Exploration> {
  const { with: rules = {}, maxPaths = 10_000, maxRests = Infinity } = options;
  const compiled = await compile({
    lifecycle: lifecycle({ initial: 'new', rules: [] }),
    policy: policy(),
    traits: {},
    ...rules,
    journeys: [journey],
  });
  const { survey, steering, rounds, truncated } = await surveyed(journey, compiled, { ...options, maxPaths, maxRests });
  const { steps, edges, awaits } = compiled.outlines.get(journey.id) ?? { steps: [], edges: [], awaits: [] };
  const { durations, budget } = survey;
  return {
    journey: journey.id,
    enter: triggerText(journey.enter),
    paths: survey.tree.size,
    left: survey.left,
    withoutGoal: survey.withoutGoal.count,
    bounds: { truncated, maxPaths, cut: survey.cut, rounds, loops: [...survey.loops] },
    shortestMs: durations.shortest,
    longestMs: survey.endless.size > 0 ? null : durations.longest,
    messages: survey.messages,
    budget: journey.budget && { ...journey.budget, most: budget.most },
    awaits: [...new Set([...awaits, ...journey.exit, ...(journey.goal ? goalNames(journey.goal) : [])])],
    defects: defectsOf(journey, survey, steering, !truncated),
    tree: survey.tree.ways,
    outline: { steps, edges },
  };
}

interface Surveyed {
  readonly survey: Survey;
  readonly steering: Steering;
  readonly rounds: number;
  readonly truncated: boolean;
}

/**
 * Walks the journey with all walkers. The walk starts over with fewer rounds of each loop while there are too many
 * paths, so that a loop never crowds out a branch. It also starts over when the code turns out to read something new.
 */
async function surveyed(
  journey: Journey,
  definitions: Definitions,
  options: ExploreOptions & Bounds,
  [rounds = 1, ...fewer]: readonly number[] = roundsOf(journey),
  reads = new ReadTracker(),
): Promise<Surveyed> {
  const { checkTemplate = () => [], breathe = () => Promise.resolve() } = options;
  const steering = new Steering(journey, rounds, reads);
  const survey = new Survey(journey, steering, checkTemplate, breathe);
  const walks: Walk[] = [];
  const walk = async (walker: Walker): Promise<Walk> => {
    const steered = { ...definitions, journeys: [steering.journey] };
    const walked = new Walk(steering, steered, walker, options, survey);
    await walked.walk();
    walks.push(walked);
    await survey.retrace();
    return walked;
  };
  const again = (next: readonly number[]): Promise<Surveyed> => surveyed(journey, definitions, options, next, reads);

  const first = await walk({ reachable: CHANNELS, pace: 'at once', leaving: true });
  if (first.outdated) return again([rounds, ...fewer]);
  if (first.truncated && steering.rounds > (fewer[0] ?? Infinity)) return again(fewer);
  for (const walker of otherWalkers(steering)) {
    if ((await walk(walker)).outdated) return again([rounds, ...fewer]);
  }
  return { survey, steering, rounds, truncated: walks.some(({ truncated }) => truncated) };
}

/**
 * A definition has no loops, although its steps may have numbers in their names. As many rounds as it has steps are
 * enough.
 */
function roundsOf({ declares }: Journey): readonly number[] {
  return declares ? [declares.length] : ROUNDS;
}

function otherWalkers({ sendings }: Steering): Walker[] {
  const lists = [...sendings.values()].map(({ templates }) => Object.keys(templates) as ChannelName[]);
  const second = CHANNELS.filter((channel) => lists.some((list) => list.indexOf(channel) > 0));
  return [
    { reachable: CHANNELS, pace: 'at the last moment', leaving: false },
    ...second.map((channel): Walker => ({ reachable: [channel], pace: 'at once', leaving: false })),
  ];
}
