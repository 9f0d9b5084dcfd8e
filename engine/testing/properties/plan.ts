import { inactivity, milestone, stage } from '../../user/triggers';
import type { Duration } from '../../model/duration';
import { activity, allOf, anyOf, type EventDefinition } from '../../authoring/event';
import { journey, type ChatOpening, type Journey, type Steps } from '../../authoring/journey';
import type { Json } from '../../model/json';
import { type Trigger } from '../../authoring/trigger';
import type { Offset } from '../../model/instant';
import { namedEvent } from './named-event';
import type { Branching, Node, Plan, PlannedTime } from './planned';

export type { Node, Plan, PlannedTime } from './planned';

/** Makes an event without a schema. */
export const plain = (name: string): EventDefinition => ({ kind: 'event', name, schema: null, example: { key: 'x' } });

/** The names of the events of random users. Names that occur more often are more likely. */
export const EVENTS = ['Start', 'A', 'B', 'C', 'A', 'B', 'C', 'A', 'B', 'Quit', 'Elsewhere'] as const;
/** Makes the event of this name. */
type Declare = (name: string) => EventDefinition;

const TRIGGERS: Readonly<Record<string, (declare: Declare) => Trigger>> = {
  Start: (declare) => declare('Start'),
  A: (declare) => declare('A'),
  'A or B': (declare) => anyOf(declare('A'), declare('B')),
  'A counted': (declare) => milestone(declare('A'), [1, 3]),
  silence: () => inactivity('2 days'),
  'stage idle': () => stage('idle'),
  upgraded: () => namedEvent('upgraded') ?? plain('upgraded'),
};

/** Is this one of the events that random users cause? */
export function isEvent(name: string): boolean {
  return EVENTS.some((event) => event === name);
}

/**
 * Makes the journey that a plan describes.
 * @param declare makes its events. Default: events without a schema
 */
export function toJourney(
  { id, trigger, reenter, keyed, maxOpenRuns, exit, goal, steps }: Plan,
  declare: Declare = plain,
): Journey {
  const definition: Declare = (name) => (name === '*' ? activity : (namedEvent(name) ?? declare(name)));
  const enter = TRIGGERS[trigger]?.(declare) ?? (isEvent(trigger) ? declare(trigger) : undefined);
  if (!enter) throw new TypeError(`'${trigger}' is neither a trigger nor an event. Add it to TRIGGERS.`);
  return journey(
    id,
    {
      enter,
      reenter,
      key: keyed ? (event) => keyOf(event.properties['key']) : undefined,
      ...(maxOpenRuns !== undefined && { maxOpenRuns }),
      exit: exit.map(definition),
      ...(goal && {
        goal: {
          event: definition(goal.name),
          exit: goal.exit,
          ...(goal.within !== null && { within: goal.within }),
        },
      }),
    },
    (j) => play(steps, j as Steps, definition),
  );
}

function keyOf(key: Json | undefined): string | undefined {
  return typeof key === 'string' ? key : undefined;
}

async function play(nodes: readonly Node[], j: Steps, definition: Declare): Promise<void> {
  for (const node of nodes) {
    if ('then' in node) await play((await decide(node, j, definition)) ? node.then : node.otherwise, j, definition);
    else await perform(node, j);
  }
}

async function decide(node: Branching, j: Steps, definition: Declare): Promise<boolean> {
  switch (node.kind) {
    case 'check':
      return j.check(node.step, ({ user, did }) => {
        if (!node.asks) return user.points >= node.points;
        const { name, ofGroup = false, within, times } = node.asks;
        const asked = did(definition(name));
        return (ofGroup ? asked.of() : asked).count(within === null ? {} : { within }) >= times;
      });
    case 'experiment':
      return (await j.experiment(node.step, { one: 1, other: 1 })) === 'one';
    case 'waitFor': {
      const events = node.names.map(definition);
      const options = { ...endOf(node), ...(node.sinceNow && { since: 'now' as const }) };
      if (node.needs === 'all') return (await j.waitFor(node.step, allOf(...events), options)) !== null;
      if (node.needs === 'two')
        return (await j.waitFor(node.step, anyOf(...events), { ...options, times: 2 })) !== null;
      return (await j.waitFor(node.step, anyOf(...events), options)) !== null;
    }
  }
}

/** The end of a planned wait, as the options of `waitFor` have it. */
export function endOf({ within }: Extract<Node, { kind: 'waitFor' }>): {
  readonly within?: Duration;
  readonly until?: PlannedTime;
} {
  if (within === null) return {};
  return typeof within === 'string' ? { within } : within;
}

/** The conversation that random journeys open. A chat that is not declared is refused, and so is an empty key. */
export function openingOf(key: string): ChatOpening & { readonly key: string } {
  return { key, as: 'customer', name: 'Ada', with: [{ userId: 'bob', role: 'courier', name: 'Bob' }] };
}

async function perform(node: Exclude<Node, Branching>, j: Steps): Promise<unknown> {
  switch (node.kind) {
    case 'send':
      return j.send(node.step, Object.fromEntries(node.channels.map((channel) => [channel, node.template])), {
        transactional: node.urgent,
        ...(node.ifCapped && { ifCapped: node.ifCapped }),
      });
    case 'sleep':
      return j.sleep(node.step, node.duration);
    case 'sleepUntil':
      // A time of the calendar takes no notice of the options.
      return j.sleepUntil(node.step, node.when as Offset, { ifPast: node.ifPast });
    case 'award':
      return j.award(node.step, { points: 10 });
    case 'track':
      return j.track(node.step, { userId: 'bob' }, plain('Elsewhere'), { by: node.step });
    case 'openChat':
      return j.openChat(node.step, 'delivery', openingOf(node.key));
    case 'closeChat':
      return j.closeChat(node.step, 'delivery', { key: node.key });
    case 'consent':
      return j.consent(node.step, node.answers);
    case 'start':
      return j.start(node.step, node.journey, { data: { key: 'x' } });
    case 'call':
      return j.call(node.step, () => Promise.resolve('called'));
    case 'exit':
      return j.exit(node.step, { uncounted: node.uncounted ?? false });
  }
}

/**
 * Gives each unnamed step a unique name, such as `s1`, `s2`, …, and each message without a template a unique template.
 */
export function named(steps: readonly Node[], prefix: string): readonly Node[] {
  let count = 0;
  const name = (node: Node): Node => {
    const step = node.step === '' ? `${prefix}${++count}` : node.step;
    if (node.kind === 'send') return { ...node, step, template: node.template || step };
    return 'then' in node
      ? { ...node, step, then: node.then.map(name), otherwise: node.otherwise.map(name) }
      : { ...node, step };
  };
  return steps.map(name);
}

/** The names of all steps in the order of the code. Each step comes after all steps that can precede it. */
export function stepsInOrder(steps: readonly Node[]): string[] {
  return steps.flatMap((node) => [
    node.step,
    ...('then' in node ? [...stepsInOrder(node.then), ...stepsInOrder(node.otherwise)] : []),
  ]);
}

/**
 * Finds the step that comes next when a step is over and none of its branches is taken.
 * @returns null when the journey then ends; undefined when there is no such step
 */
export function stepAfter(nodes: readonly Node[], step: string, end: string | null = null): string | null | undefined {
  for (const [index, node] of nodes.entries()) {
    const next = nodes[index + 1]?.step ?? end;
    if (node.step === step) return next;
    const within = 'then' in node ? [node.then, node.otherwise].map((inner) => stepAfter(inner, step, next)) : [];
    const found = within.find((next) => next !== undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}
