import fc from 'fast-check';
import type { JsonObject } from './json';
import { answersAsked, firstAnswer, unanswered, wrongAnswers, type Answers } from './survey';

const IDS = ['a', 'b', 'c', 'd', 'e'];

/** Surveys of scales, whose branches lead only forward, and an answer to each question. */
const surveys = fc
  .array(
    fc.record({ optional: fc.boolean(), to: fc.integer({ min: 0, max: 9 }), at: fc.integer({ min: 1, max: 5 }) }),
    {
      minLength: 1,
      maxLength: IDS.length,
    },
  )
  .map((drawn): JsonObject => {
    const questions = drawn.map(({ optional, to, at }, n) => {
      const later = [...IDS.slice(n + 1, drawn.length), 'end'];
      const next = to < later.length ? { next: [{ atLeast: at, to: later[to] ?? 'end' }] } : {};
      return { id: IDS[n] ?? '', type: 'scale', ask: 'A', min: 1, max: 5, optional, ...next };
    });
    return { kind: 'survey', questions };
  });
const answers = fc.dictionary(fc.constantFrom(...IDS), fc.integer({ min: 1, max: 5 }));

const idsOf = (content: JsonObject): string[] => (content['questions'] as { id: string }[]).map(({ id }) => id);
const known = (content: JsonObject, given: Answers): Answers =>
  Object.fromEntries(Object.entries(given).filter(([id]) => idsOf(content).includes(id)));

test('whoever answers what is still asked is done after as many answers as there are questions, at most', () => {
  fc.assert(
    fc.property(surveys, answers, (content, given) => {
      let so = known(content, given);
      for (let n = 0; n < idsOf(content).length; n++) {
        const [missing] = unanswered(content, so);
        if (missing) so = { ...so, [missing.question]: 3 };
      }
      expect(unanswered(content, so)).toEqual([]);
      expect(wrongAnswers(content, so as JsonObject)).toEqual([]);
    }),
  );
});

test('answers to what is not asked change nothing, and what is asked is a part of what was answered', () => {
  fc.assert(
    fc.property(surveys, answers, (content, given) => {
      const all = known(content, given);
      const asked = answersAsked(content, all);
      expect(answersAsked(content, asked)).toEqual(asked);
      expect(all).toMatchObject(asked);
      expect(firstAnswer(content, all)).toBe(String(all['a'] ?? ''));
    }),
  );
});

test('an answer to a question that is only inherited is none', () => {
  const content = { kind: 'survey', questions: [{ id: 'constructor', type: 'text', ask: 'A' }] };
  expect(unanswered(content, {})).toEqual([{ question: 'constructor', detail: 'must be answered' }]);
});
