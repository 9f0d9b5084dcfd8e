import { compile } from '../outline/compile';
import { triggerText } from '../user/triggers';
import { type Definitions, type Sources } from '../definitions/definitions';
import type { Journey } from '../authoring/journey';
import { lifecycle } from '../authoring/lifecycle';
import { policy } from '../policy/define';
import { CHANNELS, type ChannelName } from '../model/state';
import type { CheckTemplate } from '../definitions/template-use';

import { defectsOf } from './defects';
import type { Exploration } from './exploration';
import { ReadTracker } from './looked';
import { Steering } from './steering';
import { Survey } from './survey';
import { Walk, type Bounds, type Walker } from './walk';

export type { Defect, DefectKind, Exploration } from './exploration';
export type { TreeEnd, TreeStep, TreeWay } from './tree';

/** Under which rules a journey is explored, and how far. */
export interface ExploreOptions {
  /** Default: no stages, the default policy, no traits. */
  readonly with?: Partial<Omit<Sources, 'journeys'>>;
  /** Default: templates are not looked at. */
  readonly checkTemplate?: CheckTemplate;
  /** How many paths are walked at most, by each kind of person. Default 10,000. */
  readonly maxPaths?: number;
  /** How often the person rests at most, on all these paths together. Default: no bound. */
  readonly maxRests?: number;
  /** Awaited wherever the person rests, so that a process with other work to do can do it meanwhile. */
  readonly breathe?: () => Promise<void>;
}

/** How often a loop goes round at most: as often as can be walked. */
const ROUNDS = [50, 10, 3, 1];

/**
 * Walks every path of a journey in virtual time, with the engine and policy of production: every event awaited, with its
 * example, and the timeout; both answers of a check; each variant; sent and suppressed where the code looks at it; each exit
 * and the goal from every step a person rests in. Calls are not made: they answer null.
 *
 * Every path is walked by a person all channels reach who does at once what is awaited, by one who does it at the last
 * moment, and by one for each channel that is somewhere the second choice. What a bound cut off is reported.
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
    awaits: [...new Set([...awaits, ...journey.exit, ...(journey.goal ? [journey.goal.event] : [])])],
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
 * Walks with fewer rounds of each loop as long as there are too many paths, so that no branch is left out for a loop; and
 * again where the code turns out to look at something more.
 */
async function surveyed(
  journey: Journey,
  definitions: Definitions,
  options: ExploreOptions & Bounds,
  [rounds = 1, ...fewer]: readonly number[] = roundsOf(journey),
  looked = new ReadTracker(),
): Promise<Surveyed> {
  const { checkTemplate = () => [], breathe = () => Promise.resolve() } = options;
  const steering = new Steering(journey, rounds, looked);
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
  const again = (next: readonly number[]): Promise<Surveyed> => surveyed(journey, definitions, options, next, looked);

  const first = await walk({ reachable: CHANNELS, pace: 'at once', leaving: true });
  if (first.outdated) return again([rounds, ...fewer]);
  if (first.truncated && steering.rounds > (fewer[0] ?? Infinity)) return again(fewer);
  for (const walker of others(steering)) {
    if ((await walk(walker)).outdated) return again([rounds, ...fewer]);
  }
  return { survey, steering, rounds, truncated: walks.some(({ truncated }) => truncated) };
}

/** Steps of a definition may have numbers in their names, and are no loop for it: as many rounds as there are steps are enough. */
function roundsOf({ declares }: Journey): readonly number[] {
  return declares ? [declares.length] : ROUNDS;
}

function others({ sendings }: Steering): Walker[] {
  const lists = [...sendings.values()].map(({ templates }) => Object.keys(templates) as ChannelName[]);
  const second = CHANNELS.filter((channel) => lists.some((list) => list.indexOf(channel) > 0));
  return [
    { reachable: CHANNELS, pace: 'at the last moment', leaving: false },
    ...second.map((channel): Walker => ({ reachable: [channel], pace: 'at once', leaving: false })),
  ];
}
