import type { Condition } from '../../authoring/condition';
import type { EventForm } from '../../authoring/json-fields';
import type { JourneyDefinition } from '../../json/schema';
import type { DefinedStep } from '../../replay/steps';
import { CHANGES, PLAN_CHANGED } from './named-event';
import { endOf, isEvent, openingOf, type Node, type Plan } from './plan';

const ENTER: Readonly<Record<string, JourneyDefinition['enter']>> = {
  'A or B': { kind: 'event', event: ['A', 'B'] },
  'A counted': { kind: 'milestone', event: 'A', counts: [1, 3] },
  silence: { kind: 'inactivity', after: '2 days' },
  'stage idle': { kind: 'stage', stage: 'idle' },
  upgraded: { kind: 'event', event: [toEvent('upgraded')] },
};

/** Removes the calls from a plan, since a definition can't contain any. */
export function withoutCalls(plan: Plan): Plan {
  const strip = (steps: readonly Node[]): readonly Node[] =>
    steps.flatMap((node): readonly Node[] => {
      if (node.kind === 'call') return [];
      if (!('then' in node)) return [node];
      return [{ ...node, then: strip(node.then), otherwise: strip(node.otherwise) }];
    });
  return { ...plan, steps: strip(plan.steps) };
}

/**
 * Makes the definition of the journey that a plan describes.
 * @throws when the plan contains a call; see {@link withoutCalls}
 */
export function toDefinition({ trigger, reenter, keyed, maxOpenRuns, exit, goal, steps }: Plan): JourneyDefinition {
  return {
    enter: enterBy(trigger),
    reenter,
    ...(maxOpenRuns !== undefined && { maxOpenRuns }),
    ...(keyed && { key: 'key' }),
    exit: exit.map(toEvent),
    ...(goal && {
      goal: { event: [toEvent(goal.name)], exit: goal.exit, ...(goal.within !== null && { within: goal.within }) },
    }),
    steps: steps.map(toStep),
  };
}

function toStep(node: Node): DefinedStep {
  const { step } = node;
  switch (node.kind) {
    case 'send': {
      const messages = node.channels.map((channel) => ({ channel, template: node.template }));
      const { urgent: transactional, ifCapped } = node;
      return { kind: 'send', step, messages, transactional, ...(ifCapped && { ifCapped }) };
    }
    case 'sleep':
      return { kind: 'sleep', step, duration: node.duration };
    case 'sleepUntil':
      return { kind: 'sleepUntil', step, when: node.when, ifPast: node.ifPast };
    case 'award':
      return { kind: 'award', step, points: 10 };
    case 'exit':
      return { kind: 'exit', step, ...(node.uncounted !== undefined && { uncounted: node.uncounted }) };
    case 'track':
      return { kind: 'track', step, userId: 'bob', event: 'Elsewhere', properties: { by: step } };
    case 'openChat':
      return { kind: 'openChat', step, chat: 'delivery', ...openingOf(node.key) };
    case 'closeChat':
      return { kind: 'closeChat', step, chat: 'delivery', key: node.key };
    case 'consent':
      return { kind: 'consent', step, channels: node.answers };
    case 'start':
      return { kind: 'start', step, journey: node.journey, data: { key: 'x' } };
    case 'call':
      throw new Error(`Expected a plan without calls, but '${step}' is one: a definition can't contain calls.`);
    case 'check':
      return { kind: 'check', step, if: conditionOf(node), ...branches(node) };
    case 'experiment': {
      const variants = [
        { name: 'one', weight: 1, steps: node.then.map(toStep) },
        { name: 'other', weight: 1, steps: node.otherwise.map(toStep) },
      ];
      return { kind: 'experiment', step, variants };
    }
    case 'waitFor': {
      const since = node.sinceNow ? ({ since: 'now' } as const) : {};
      const needs = { one: {}, two: { times: 2 }, all: { all: true } }[node.needs];
      return {
        kind: 'waitFor',
        step,
        events: node.names.map(toEvent),
        ...needs,
        ...endOf(node),
        ...since,
        ...branches(node),
      };
    }
  }
}

function toEvent(name: string): EventForm {
  const [, id] = /^end of (.*)$/.exec(name) ?? [];
  if (id !== undefined) return { ended: id };
  if (!(name in CHANGES)) return name;
  const where = { ...CHANGES[name] };
  return Object.keys(where).length === 0 ? PLAN_CHANGED : { event: PLAN_CHANGED, where };
}

function conditionOf({ points, asks }: Extract<Node, { kind: 'check' }>): Condition {
  if (!asks) return { '>=': [{ var: 'user.points' }, points] };
  const within = asks.within === null ? [] : [asks.within];
  const event = asks.ofGroup ? { event: asks.name, of: 'company' } : asks.name;
  return { '>=': [{ did: [event, 'count', ...within] }, asks.times] };
}

function branches(node: Extract<Node, { then: unknown }>): { then: DefinedStep[]; otherwise: DefinedStep[] } {
  return { then: node.then.map(toStep), otherwise: node.otherwise.map(toStep) };
}

function enterBy(trigger: string): JourneyDefinition['enter'] {
  const enter = ENTER[trigger];
  if (enter) return enter;
  if (isEvent(trigger)) return { kind: 'event', event: trigger };
  throw new TypeError(`'${trigger}' is neither a trigger nor an event. Add it to ENTER.`);
}
