import { flags } from './define';

it('declares flags of each type', () => {
  const declared = flags({
    'new-checkout': { default: false, rules: [{ percentage: 20, value: true }] },
    banner: { default: '', rules: [{ when: { traits: { plan: 'free' } }, value: 'Upgrade' }] },
    'page.size': {
      default: 20,
      rules: [{ variants: { small: { weight: 1, value: 10 }, large: { weight: 3, value: 50 } } }],
    },
    theme: { default: { color: 'blue', sizes: [1, 2] } },
  });
  expect(Object.keys(declared.byName)).toEqual(['new-checkout', 'banner', 'page.size', 'theme']);
});

it('the types hold all values of a flag to the type of its default', () => {
  // @ts-expect-error a text is not true or false
  expect(() => flags({ f: { default: false, rules: [{ value: 'yes' }] } })).toThrow(TypeError);
  // @ts-expect-error either a value or variants
  expect(() => flags({ f: { default: 1, rules: [{ percentage: 20 }] } })).toThrow(TypeError);
});

it.each<[string, unknown, string]>([
  ['a flag without a default', {}, 'default: must be true, false, a text, a number or an object'],
  ['null', { default: null }, 'default: must be true'],
  ['a list', { default: [1] }, 'default: must be true'],
  ['a number that is none', { default: NaN }, 'default: must be a number'],
  ['what is not JSON', { default: { at: () => 1 } }, 'default'],
  ['a value of another type', { default: false, rules: [{ value: 1 }] }, 'rules[0].value: must be true or false'],
  [
    'a variant of another type',
    { default: 'a', rules: [{ variants: { b: { weight: 1, value: true } } }] },
    'rules[0].variants.b.value: must be a text',
  ],
  [
    'a percentage above 100',
    { default: 1, rules: [{ percentage: 101, value: 2 }] },
    'rules[0].percentage: must be 0 to 100',
  ],
  [
    'neither a value nor variants',
    { default: 1, rules: [{ percentage: 1 }] },
    'rules[0]: must have either a value or variants',
  ],
  [
    'both',
    { default: 1, rules: [{ value: 1, variants: { a: { weight: 1, value: 1 } } }] },
    'rules[0]: must have either a value or variants',
  ],
  [
    'no positive weight',
    { default: 1, rules: [{ variants: { a: { weight: 0, value: 1 } } }] },
    'rules[0].variants: must have a positive weight',
  ],
  ['a misspelled member', { default: 1, rule: [] }, '"rule"'],
  ['an empty condition', { default: 1, rules: [{ when: {}, value: 2 }] }, 'rules[0].when: must have a stage or traits'],
  [
    'an unknown comparison',
    { default: 1, rules: [{ when: { traits: { seats: { moreThan: 5 } } }, value: 2 }] },
    "rules[0].when.traits.seats: There is no comparison 'moreThan'. Expected not, atLeast, atMost, over, under, contains, exists.",
  ],
  [
    'a test that is a function',
    { default: 1, rules: [{ when: { stage: () => true }, value: 2 }] },
    'rules[0].when.stage: must be a value, a list of values, or comparisons',
  ],
  [
    'a rule behind one that concerns everyone',
    { default: 1, rules: [{ value: 2 }, { percentage: 10, value: 3 }] },
    'rules[1]: is never reached',
  ],
])('%s is refused, and the error names the flag', (_, flag, expected) => {
  const define = (): unknown => flags({ 'new-checkout': flag } as never);
  expect(define).toThrow(TypeError);
  expect(define).toThrow(`flags: 'new-checkout', `);
  expect(define).toThrow(expected);
});

it.each(['', 'with space', 'a/b', 'ä', 'x'.repeat(101)])("'%s' can't be the name of a flag", (name) => {
  expect(() => flags({ [name]: { default: true } })).toThrow("can't be the name of a flag");
});
