import fc from 'fast-check';
import { withoutEmptyValues } from '../../api/segment/empty-values';
import { isPlainCall } from '../../api/segment/plain-call';
import { CALL_TYPES, CALLS } from '../../api/segment/schema';

const PLAIN = {
  userId: 'u1',
  messageId: 'm1',
  event: 'Checked',
  groupId: 'g1',
  name: 'Home',
  context: { active: true },
};

test.each(CALL_TYPES.filter((type) => type !== 'alias'))('a usual %s call is plain', (type) =>
  expect(isPlainCall({ ...PLAIN, properties: { a: 1 }, traits: { b: 2 } }, type)).toBe(true),
);

const nil = '00000000-0000-0000-0000-000000000000';
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 5 }),
  fc.constantFrom(
    'u1',
    ' u1 ',
    '\u00a0',
    '\ufeff',
    'guest',
    '"Guest"',
    nil,
    `'${nil}'`,
    '*',
    '$stage',
    '$',
    'a\u0000b',
    '\ud800',
    '😀',
  ),
  fc.integer({ min: 198, max: 202 }).map((length) => 'x'.repeat(length)),
);
const values = fc.oneof(
  { weight: 5, arbitrary: texts },
  fc.constantFrom(null, undefined, 0, 1.5, true, [], {}, [1], { a: 1 }),
);
const contexts = fc.oneof(
  values,
  fc.record({ active: fc.oneof(fc.boolean(), values), timezone: values }, { requiredKeys: [] }),
);
const FIELDS = ['userId', 'anonymousId', 'messageId', 'event', 'properties', 'traits', 'name', 'category', 'groupId'];
const odd = fc.oneof(
  fc.tuple(fc.constantFrom(...FIELDS), values),
  contexts.map((context) => ['context', context] as const),
);

test('a plain call is valid, and its schema changes no field of it', () => {
  let plain = 0;
  const changes = fc.array(odd, { minLength: 1, maxLength: 3 });
  const property = fc.property(fc.constantFrom(...CALL_TYPES), changes, (type, changed) => {
    const call: Record<string, unknown> = { ...PLAIN, ...Object.fromEntries(changed) };
    if (!isPlainCall(call, type)) return;
    plain += 1;
    expect(call['userId'] ?? call['anonymousId'] ?? null).not.toBeNull();
    const read: Record<string, unknown> = CALLS[type].parse(withoutEmptyValues(call));
    for (const name of Object.keys(CALLS[type].shape).filter((field) => field !== 'context'))
      expect([name, read[name]]).toEqual([name, call[name]]);
    expect(call['context'] ?? {}).toMatchObject(read['context'] ?? {});
  });
  fc.assert(property, { numRuns: 5_000 });
  expect(plain).toBeGreaterThan(100);
});
