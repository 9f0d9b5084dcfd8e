import type { Journey } from '../authoring/journey';
import type { Definitions, Sources } from '../definitions/definitions';
import type { CheckTemplate } from '../definitions/template-use';
import { channelSpecs } from '../model/channels';
import type { ChannelName } from '../model/state';
import { Continuations } from './continuation';
import { unreachedSteps } from '../outline/declared-steps';
import { Folds } from './folds';
import { ReachedCaps } from './reached-caps';
import { ReadTracker } from './read-tracker';
import { Steering } from './steering';
import { Survey } from './survey';
import { Walk, type Bounds, type Walker } from './walk';

/** The rules that a journey is explored under, and the bounds of the walk. */
export interface ExploreOptions {
  /**
   * Stages, policy, example traits, and all journeys in code, any of which this one may start. Default: no stages, the default
   * policy, no traits; and no start is checked.
   */
  readonly with?: Partial<Sources>;
  /** Checks each template with the data that a path sends it. Default: templates are not checked. */
  readonly checkTemplate?: CheckTemplate;
  /** The most paths that each walker walks. Default 10,000. */
  readonly maxPaths?: number;
  /** The most waits on all paths of one walker together. Default: no bound. */
  readonly maxRests?: number;
  /** Awaited at every wait, so that a process with other work can do it in between. */
  readonly breathe?: () => Promise<void>;
}

/** How a journey is walked. */
export interface Manner {
  /** The most rounds of a loop. */
  readonly rounds: number;
  /** Which places are the same: none, those of different rounds of a loop, or only those with the same name. */
  readonly folds: 'none' | 'rounds' | 'names';
  /** The most paths, if fewer than the walk's own bound. */
  readonly maxPaths?: number;
  /** A path that is cut off ends the walk. */
  readonly endsAtCut?: boolean;
}

/** A journey of so few paths is walked path by path, so that its report shows each of them. */
const FEW_PATHS = 100;
const PATH_BY_PATH = { folds: 'none', maxPaths: FEW_PATHS, endsAtCut: true } as const;
/** Each next manner is tried while the walk exceeds a bound. The last ones see least of a loop, but every branch. */
const MANNERS: readonly Manner[] = [
  { ...PATH_BY_PATH, rounds: 50 },
  { rounds: 50, folds: 'rounds' },
  { rounds: 50, folds: 'names' },
  { rounds: 10, folds: 'names' },
  { rounds: 3, folds: 'names' },
  { rounds: 1, folds: 'names' },
];

/** What walks find out that the next ones have to know. A walk that finds out more starts over. */
class Known {
  readonly reads = new ReadTracker();
  readonly caps: ReachedCaps;

  constructor({ policy }: Pick<Definitions, 'policy'>, journey: string) {
    this.caps = new ReachedCaps(policy, journey);
  }
}

/** What was found on all paths. */
export interface Surveyed {
  readonly survey: Survey;
  readonly steering: Steering;
  readonly rounds: number;
  readonly truncated: boolean;
  readonly folded: number;
}

/**
 * Walks the journey with all walkers, in the first manner that meets no bound, so that a loop never crowds out a branch. A walk
 * starts over when the code turns out to read something new, or when a cap turns out to be reached.
 */
export async function surveyed(
  journey: Journey,
  definitions: Definitions,
  options: ExploreOptions & Bounds,
): Promise<Surveyed> {
  const known = new Known(definitions, journey.id);
  const manners = mannersOf(journey, definitions);
  for (const [index, manner] of manners.entries()) {
    const isLast = index === manners.length - 1;
    const found = await walked(journey, definitions, options, manner, known);
    if (isLast || isWhole(journey, manner, found)) return found;
  }
  throw new Error('Expected at least one manner to walk a journey.');
}

/**
 * Does the report leave nothing open? A step that no path leads to may lie behind rounds that were taken for the same, so the
 * rounds are then told apart.
 */
function isWhole(journey: Journey, { folds }: Manner, { survey, truncated }: Surveyed): boolean {
  if (truncated) return false;
  return folds !== 'rounds' || unreachedSteps(journey, survey.steps).length === 0;
}

/**
 * A definition has no loops, although its steps may have numbers in their names. As many rounds as it has steps are
 * enough.
 */
function mannersOf({ id, declares }: Journey, { outlines }: Definitions): readonly Manner[] {
  const [pathByPath, ...folded] = declares
    ? [PATH_BY_PATH, { folds: 'names' } as const].map((manner) => ({ ...manner, rounds: declares.length }))
    : MANNERS;
  const { paths, truncated } = outlines.get(id) ?? { paths: 0, truncated: false };
  // The outline has walked the paths already, as far as they don't depend on time.
  return pathByPath && paths <= FEW_PATHS && !truncated ? [pathByPath, ...folded] : folded;
}

/** Walks the journey with all walkers, in one manner. */
export async function walked(
  journey: Journey,
  definitions: Definitions,
  options: ExploreOptions & Bounds,
  manner: Manner,
  known = new Known(definitions, journey.id),
): Promise<Surveyed> {
  const { checkTemplate = () => [], breathe = () => Promise.resolve() } = options;
  const { rounds, folds, maxPaths = Infinity, endsAtCut = false } = manner;
  const bounds = { ...options, maxPaths: Math.min(options.maxPaths, maxPaths), endsAtCut };
  const steering = new Steering(journey, definitions, rounds, known.reads);
  const outline = definitions.outlines.get(journey.id) ?? { steps: [] };
  const survey = new Survey(journey, steering, checkTemplate, outline, breathe);
  const steered = { ...definitions, journeys: [steering.journey] };
  const continuations = new Continuations(journey, definitions);
  const bound = { truncated: false, folded: 0 };
  /** Returns whether everything has to be walked anew. */
  const walk = async (walker: Walker): Promise<boolean> => {
    const places =
      folds === 'none' ? null : new Folds(continuations, known.caps, folds === 'names', survey.templates.stepsRead);
    const one = new Walk(steering, steered, walker, bounds, survey, places);
    await one.walk();
    bound.truncated ||= one.truncated;
    bound.folded += one.folded;
    if (one.outdated) return true;
    if (places) {
      if (known.caps.note(places.ways) && !bound.truncated) return true;
      survey.onWalked(one.rest, places.ways);
    }
    await survey.retrace();
    return false;
  };
  const found = (): Surveyed => ({ survey, steering, rounds, ...bound });

  const anew = (): Promise<Surveyed> => walked(journey, definitions, options, manner, known);

  const channels = [...channelSpecs(definitions.channels).keys()];
  if (await walk({ reachable: channels, pace: 'at once', leaving: true })) return anew();
  if (bound.truncated) return found();
  for (const walker of otherWalkers(steering, channels)) if (await walk(walker)) return anew();
  return found();
}

function otherWalkers({ sendings }: Steering, channels: readonly ChannelName[]): Walker[] {
  const lists = [...sendings.values()].map(({ templates }) => Object.keys(templates) as ChannelName[]);
  const second = channels.filter((channel) => lists.some((list) => list.indexOf(channel) > 0));
  return [
    { reachable: channels, pace: 'at the last moment', leaving: false },
    ...second.map((channel): Walker => ({ reachable: [channel], pace: 'at once', leaving: false })),
  ];
}
