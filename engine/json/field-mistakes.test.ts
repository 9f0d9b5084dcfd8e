import { fieldMistakes } from './field-mistakes';
import { journeyDefinition } from './schema';

const mistakes = (change: object): string[] => {
  const { error } = journeyDefinition.safeParse({
    enter: { kind: 'manual' },
    steps: [{ kind: 'exit', step: 'out' }],
    ...change,
  });
  return error ? fieldMistakes(error).map(({ path, message }) => `${path.join('/')}: ${message}`) : [];
};

const KINDS =
  'send, waitFor, collect, sleep, sleepUntil, check, experiment, award, consent, track, openChat, closeChat, start, exit, ask';
const OPERATORS = 'did, var, ==, !=, ===, !==, <, <=, >, >=, !, !!, and, or, if, in, +, -, *, /, %, min, max';

const WHEN =
  'must be { at }, { between }, { before, by }, { after, by }, a time in ISO 8601, { trait }, or { var } with its place in an event';
const TIME =
  "must be a time in ISO 8601 such as '2026-01-05T09:00:00Z', { trait }, or { var } with its place in an event";

it.each<[unknown, string[]]>([
  ['tomorrow', [`: ${WHEN}`]],
  [5, [`: ${WHEN}`]],
  [{}, [`: ${WHEN}`]],
  [{ at: '9' }, ["/at: must be a time of day such as '09:00', or { trait }"]],
  [{ at: '09:00', weekday: 8 }, ['/weekday: Invalid option: expected one of 1|2|3|4|5|6|7']],
  [{ at: '09:00', wekday: 1 }, [": There is no field 'wekday'. Expected weekday, weekdays, day, at, zone."]],
  [{ between: ['09:00'] }, ['/between: Too small: expected array to have >=2 items']],
  [{ before: '2026-01-01' }, ["/by: must be a duration such as '48 hours' or '14 days'"]],
  [{ before: 'then', by: '1 hour' }, [`/before: ${TIME}`]],
  [{ after: { var: 'user.traits.start' }, by: '1 hour' }, ['/after/var: must be a property of an event']],
])('a wrong `when` says what is wrong with the form it comes closest to: %j', (when, expected) => {
  const step = { kind: 'sleepUntil', step: 'then', when };
  expect(mistakes({ steps: [step] })).toEqual(expected.map((text) => `steps/0/when${text}`));
});

it.each<[object, string]>([
  [{ exit: [5] }, 'exit/0: must be the name of an event, { event, where } or { ended, where }'],
  [{ exit: [{ event: 'A', were: {} }] }, "exit/0: There is no field 'were'. Expected event, where."],
  [{ goal: { event: 5 } }, 'goal/event: must be the name of an event, or a list of events'],
  [
    { goal: { event: ['A', 'B'], where: { plan: 'pro' } } },
    'goal/where: must stand beside one event: in a list, write { event, where }',
  ],
  [
    { enter: { kind: 'milestone', event: ['A', { event: 'A', where: { plan: 'pro' } }], counts: [1] } },
    'enter/event: must have each name once',
  ],
  [
    { colour: 'red' },
    ": There is no field 'colour'. Expected enter, reenter, key, freshness, maxOpenRuns, exit, goal, transactional, priority, topic, onEdit, budget, events, version, steps.",
  ],
  [
    { enter: { kind: 'evnet', event: 'A' } },
    'enter/kind: must be one of event, milestone, inactivity, stage, date, calendar, manual',
  ],
  [{ steps: [{ kind: 'sned', step: 'a' }] }, `steps/0/kind: must be one of ${KINDS}`],
  [
    { steps: [{ kind: 'check', step: 'a', if: true, then: [{ kind: 'wait', step: 'b' }] }] },
    `steps/0/then/0/kind: must be one of ${KINDS}`,
  ],
  [
    { steps: [{ kind: 'exit', step: 'a', reson: 'done' }] },
    "steps/0: There is no field 'reson'. Expected kind, step, reason, uncounted.",
  ],
  [
    { exit: [{ event: 'A', where: { total: { atleast: 3 } } }] },
    "exit/0/where/total: There is no comparison 'atleast'. Expected not, atLeast, atMost, over, under, contains, exists.",
  ],
])('%j: %s', (change, expected) => {
  expect(mistakes(change)).toEqual([expected]);
});

it.each<[unknown, string]>([
  [{ has: ['a', 'b'] }, `: There is no operator 'has'. Expected ${OPERATORS}.`],
  [{ and: [true, { equals: [1, 2] }] }, `/and/1: There is no operator 'equals'. Expected ${OPERATORS}.`],
  [{ '!': { not: [true] } }, `/!: There is no operator 'not'. Expected ${OPERATORS}.`],
  [{ '!': [{ not: [true] }] }, `/!/0: There is no operator 'not'. Expected ${OPERATORS}.`],
  [{ in: [{ vars: 'now' }, ['a']] }, `/in/0: There is no operator 'vars'. Expected ${OPERATORS}.`],
  [
    [1],
    ': must be text, a number, true, false, null or one operation, such as { ">=": [{ "var": "user.points" }, 10] }',
  ],
])('a wrong condition lists what there is: %j', (condition, expected) => {
  expect(mistakes({ steps: [{ kind: 'check', step: 'a', if: condition }] })).toEqual([`steps/0/if${expected}`]);
});
