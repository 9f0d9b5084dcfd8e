import fc from 'fast-check';
import { lifecycle } from '../authoring/lifecycle';
import { projectCreated } from '../testing/properties/catalogue';
import { flags } from './define';
import { evaluateFlag, evaluateFlags, type FlagDefinitions, type FlagUser } from './evaluate';
import type { Flag, FlagRule } from './flag';
import { flagReads, unknownStages } from './reads';
import { flagsOf } from './flags-of';

const STAGES = lifecycle({ initial: 'new', rules: [{ from: ['new'], to: 'active', on: projectCreated }] });
const user = (id: string, given: Partial<FlagUser> = {}): FlagUser => ({
  id,
  assignedAs: null,
  stage: 'new',
  traits: {},
  flags: {},
  ...given,
});
const define = (flag: Flag<string>): FlagDefinitions => ({ lifecycle: STAGES, flags: flags({ f: flag }) });
const valueOf = (rules: readonly FlagRule<string>[], one: FlagUser): unknown =>
  evaluateFlag(define({ default: '-', rules }), 'f', one)?.value;
const people = (count: number): FlagUser[] => Array.from({ length: count }, (_, n) => user(`user ${n}`));

it('a flag without rules is static, and one whose rules concern nobody has its default', () => {
  expect(evaluateFlag(define({ default: 'a' }), 'f', user('ada'))).toEqual({
    value: 'a',
    variant: null,
    reason: 'STATIC',
  });
  const rules = [{ when: { stage: 'active' }, value: 'b' }];
  expect(evaluateFlag(define({ default: 'a', rules }), 'f', user('ada'))).toMatchObject({
    value: 'a',
    reason: 'DEFAULT',
  });
});

it('the first rule that concerns the user decides', () => {
  const rules: FlagRule<string>[] = [
    { when: { stage: ['active', 'loyal'], traits: { plan: 'pro' } }, value: 'both' },
    { when: { traits: { seats: { atLeast: 5 } } }, value: 'large' },
    { when: { stage: { not: 'new' } }, value: 'known' },
    { value: 'everyone' },
  ];
  const answers = [
    user('a', { stage: 'active', traits: { plan: 'pro', seats: 9 } }),
    user('b', { traits: { plan: 'pro', seats: 9 } }),
    user('c', { stage: 'active', traits: { plan: 'free' } }),
    user('d'),
  ].map((one) => evaluateFlag(define({ default: '-', rules }), 'f', one));
  expect(answers.map((answer) => answer?.value)).toEqual(['both', 'large', 'known', 'everyone']);
  expect(new Set(answers.map((answer) => answer?.reason))).toEqual(new Set(['TARGETING_MATCH']));
});

it('someone whom the engine has not met is in the first stage', () => {
  expect(valueOf([{ when: { stage: 'new' }, value: 'hello' }], user('ada', { stage: '' }))).toBe('hello');
});

it('what a journey has set wins, unless it is null or has another type than the flag', () => {
  const rules = [{ value: 'rule' }];
  const set = (f: unknown): unknown => valueOf(rules, user('ada', { flags: { f: f as string } }));
  expect([set('journey'), set(null), set(true), set(['journey'])]).toEqual(['journey', 'rule', 'rule', 'rule']);
});

it('a flag that only a journey knows has a value for those for whom it was set', () => {
  const none = { lifecycle: STAGES };
  expect(evaluateFlag(none, 'activated', user('ada', { flags: { activated: true } }))?.value).toBe(true);
  expect(evaluateFlag(none, 'activated', user('bob'))).toBeNull();
  expect(evaluateFlag(none, 'constructor', user('bob'))).toBeNull();
});

it('all flags are evaluated by name, with the variants of experiments', () => {
  const definitions = {
    lifecycle: STAGES,
    flags: flags({
      b: { default: false },
      a: { default: '', rules: [{ variants: { only: { weight: 1, value: 'x' } } }] },
    }),
  };
  const ada = user('ada', { flags: { journey: 1, gone: null } });
  expect(evaluateFlags(definitions, ada).map(([name]) => name)).toEqual(['a', 'b', 'journey']);
  expect(flagsOf(definitions, ada)).toEqual({ flags: { a: 'x', b: false, journey: 1 }, variants: { a: 'only' } });
});

describe('a percentage', () => {
  it('raised, only adds users, and lowered, only takes some away', () =>
    fc.assert(
      fc.property(fc.string(), fc.nat(100), fc.nat(100), (id, one, other) => {
        const has = (percentage: number): boolean => valueOf([{ percentage, value: 'on' }], user(id)) === 'on';
        expect(!has(Math.min(one, other)) || has(Math.max(one, other))).toBe(true);
      }),
    ));

  it('holds among many users, and 0 and 100 hold exactly', () => {
    const share = (percentage: number): number =>
      people(10_000).filter((one) => valueOf([{ percentage, value: 'on' }], one) === 'on').length / 100;
    expect([share(0), share(100)]).toEqual([0, 100]);
    expect(Math.abs(share(30) - 30)).toBeLessThan(2);
  });

  it('leaves the others to the rules behind it, and those are split evenly all the same', () => {
    const rules: FlagRule<string>[] = [
      { percentage: 40, value: 'first' },
      { variants: { a: { weight: 1, value: 'a' }, b: { weight: 1, value: 'b' } } },
    ];
    const counts = new Map<unknown, number>();
    for (const one of people(10_000)) counts.set(valueOf(rules, one), (counts.get(valueOf(rules, one)) ?? 0) + 1);
    for (const [value, expected] of [
      ['first', 4_000],
      ['a', 3_000],
      ['b', 3_000],
    ] as const)
      expect(Math.abs((counts.get(value) ?? 0) - expected)).toBeLessThan(250);
  });

  it('goes by the id of the first experiment, so that a login changes nothing', () =>
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat(100), (visitor, id, percentage) => {
        const rules: FlagRule<string>[] = [
          { percentage, value: 'on' },
          { variants: { a: { weight: 1, value: 'a' }, b: { weight: 1, value: 'b' } } },
        ];
        expect(valueOf(rules, user(id, { assignedAs: visitor }))).toBe(valueOf(rules, user(visitor)));
      }),
    ));
});

describe('variants', () => {
  it('are given by weight, and each user keeps theirs', () => {
    const rules: FlagRule<string>[] = [
      { variants: { a: { weight: 3, value: 'A' }, b: { weight: 1, value: 'B' }, none: { weight: 0, value: 'N' } } },
    ];
    const given = people(10_000).map((one) => evaluateFlag(define({ default: '-', rules }), 'f', one));
    const shareOf = (variant: string): number => given.filter((one) => one?.variant === variant).length / 100;
    expect(Math.abs(shareOf('a') - 75)).toBeLessThan(2);
    expect(shareOf('a') + shareOf('b')).toBe(100);
    expect(given.every((one) => one?.reason === 'SPLIT' && one.value === one.variant?.toUpperCase())).toBe(true);
    expect(people(100).map((one) => valueOf(rules, one))).toEqual(given.slice(0, 100).map((one) => one?.value));
  });

  it('of two flags do not go together', () => {
    const rules: FlagRule<string>[] = [{ variants: { a: { weight: 1, value: 'a' }, b: { weight: 1, value: 'b' } } }];
    const both = {
      lifecycle: STAGES,
      flags: flags({ one: { default: '', rules }, other: { default: '', rules } }),
    };
    const same = people(2_000).filter((one) => {
      const { variants } = flagsOf(both, one);
      return variants['one'] === variants['other'];
    }).length;
    expect(Math.abs(same - 1_000)).toBeLessThan(150);
  });
});

it('a user has one value, whatever rules there are: that of the first rule that concerns them', () => {
  const when = fc.record(
    { stage: fc.constantFrom('new', 'active'), traits: fc.constantFrom({ plan: 'pro' }, { plan: 'free' }) },
    { requiredKeys: [] },
  );
  const rule = fc.record({
    when,
    percentage: fc.option(fc.nat(100), { nil: undefined }),
    value: fc.constantFrom('a', 'b'),
  });
  const someone = fc.record({
    id: fc.string(),
    stage: fc.constantFrom('new', 'active'),
    plan: fc.constantFrom('pro', 'free'),
  });
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 6 }), someone, (given, { id, stage, plan }) => {
      const rules = given.map(({ when: condition, percentage, value }) => ({
        ...(Object.keys(condition).length > 0 && { when: condition }),
        percentage: percentage ?? 100,
        value,
      })) as FlagRule<string>[];
      const one = user(id, { stage, traits: { plan } });
      const alone = rules.map((own) => valueOf([own], one));
      expect(valueOf(rules, one)).toBe(alone.find((value) => value !== '-') ?? '-');
    }),
  );
});

it('says what the rules read, so that nobody is told of other changes', () => {
  const definitions = define({
    default: '-',
    rules: [
      { when: { traits: { 'address.city': 'Ulm' } }, value: 'a' },
      { percentage: 5, value: 'b' },
    ],
  });
  expect(flagReads(definitions)).toEqual({ stage: false, traits: new Set(['address.city', 'address']) });
  expect(flagReads({})).toEqual({ stage: false, traits: new Set() });
  expect(flagReads(define({ default: '-', rules: [{ when: { stage: 'new' }, value: 'a' }] })).stage).toBe(true);
});

it('names the stages to which no rule of the lifecycle leads', () => {
  const rules: FlagRule<string>[] = [
    { when: { stage: ['new', 'active'] }, value: 'a' },
    { when: { stage: { not: 'actve' } }, value: 'b' },
  ];
  expect(unknownStages(define({ default: '-', rules }))).toEqual([
    "flag 'f', rules[1]: no rule of the lifecycle leads to the stage 'actve'",
  ]);
});
