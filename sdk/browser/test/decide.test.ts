import * as fc from 'fast-check';
import { cardOf, decide, fits, isLasting, type Situation, type Standing } from '../src/decide';
import type { Content, Kind, Message } from '../src/wire';

const KINDS: readonly Kind[] = [
  'banner',
  'modal',
  'slide-in',
  'tip',
  'card',
  'chat',
  'survey',
  'poll',
  'progress',
  'checklist',
];
const NOW = Date.parse('2026-11-29T12:00:00Z');

function message(id: string, content: Partial<Content> & { kind: Kind }, change: Partial<Message> = {}): Message {
  return {
    ...{ id, journey: 'order', run: null, key: null, step: 'a step', slot: null, content },
    ...{ sentAt: '2026-11-29T11:00:00Z', expiresAt: '2026-11-30T00:00:00Z' },
    ...{ seenAt: null, clickedAt: null, answeredAt: null, answer: null, answers: null },
    ...change,
  };
}

/** A quiet page on which nothing has been shown. */
const QUIET: Situation = {
  ...{ now: NOW, path: '/shop', open: 100, scrolled: 100, idle: 100, typing: false, visible: true },
  has: () => true,
  ...{ happened: new Set(), left: new Set(), shown: [], most: Infinity, standing: new Map() },
};

const stands = (one: Message, answered = false): [string, Standing] => [cardOf(one), { message: one, answered }];
const shown = (messages: readonly Message[], change: Partial<Situation> = {}): string[] =>
  decide(messages, { ...QUIET, ...change }).map(({ id }) => id);

/** Most messages can be shown most of the time. Else hardly a case would say anything. */
const seldom = fc.nat(7).map((n) => n === 0);

const anyMessage = fc
  .record({
    kind: fc.constantFrom(...KINDS, 'banner', 'modal'),
    priority: fc.option(fc.integer({ min: -2, max: 2 }), { nil: undefined }),
    where: fc.option(
      fc.record(
        {
          page: fc.constantFrom('/shop', '/sh*', '/cart'),
          event: fc.constant('Level Finished'),
          delay: fc.nat(5),
          scroll: fc.nat(100),
          idle: fc.nat(5),
          element: fc.constantFrom('#here', '#gone'),
        },
        { requiredKeys: [] },
      ),
      { nil: undefined, freq: 1 },
    ),
    slot: fc.option(fc.constantFrom('a', 'b')),
    answered: seldom,
    clicked: seldom,
    expired: seldom,
  })
  .map(({ kind, priority, where, slot, answered, clicked, expired }) => (id: string): Message => {
    const content = { kind, ...(priority !== undefined && { priority }), ...(where && { where }) };
    const at = '2026-11-29T11:30:00Z';
    return message(id, content, {
      slot,
      answeredAt: answered ? at : null,
      clickedAt: clicked ? at : null,
      ...(expired && { expiresAt: at }),
    });
  });

/** Messages as the state has them: the latest of each card. */
const anyMessages = fc.array(anyMessage, { maxLength: 8 }).map((made) => {
  const cards = new Set<string>();
  return made
    .map((make, index) => make(`m${index}`))
    .filter((one) => !cards.has(cardOf(one)) && Boolean(cards.add(cardOf(one))));
});

const anySituation = fc
  .record({
    ...{ open: fc.nat(6), scrolled: fc.nat(100), idle: fc.nat(6), typing: seldom, hidden: seldom },
    path: fc.constantFrom('/shop', '/cart'),
    most: fc.constantFrom(0, 1, 2, Infinity, Infinity),
    ids: fc.array(fc.constantFrom('m0', 'm1', 'm2', 'm3'), { maxLength: 3 }),
    shown: fc.uniqueArray(fc.constantFrom('m0', 'm1', 'm2', 'm3'), { maxLength: 3 }),
  })
  .map(({ ids, ...rest }): Situation => ({
    ...{ ...QUIET, ...rest },
    has: (selector) => selector === '#here',
    happened: new Set(ids),
    left: new Set(ids.slice(0, 1)),
  }));

/** What stands on the screen when the page was as `before`. */
function standingAfter(messages: readonly Message[], before: Situation): Map<string, Standing> {
  return new Map(decide(messages, before).map((one) => stands(one)));
}

test('at most one banner and one other message are on the screen, and never one that is for the inbox only', () => {
  fc.assert(
    fc.property(anyMessages, anySituation, anySituation, (messages, before, now) => {
      const on = decide(messages, { ...now, standing: standingAfter(messages, before) });
      expect(on.filter(({ content }) => content.kind === 'banner').length).toBeLessThanOrEqual(1);
      expect(on.filter(({ content }) => content.kind !== 'banner').length).toBeLessThanOrEqual(1);
      expect(on.filter(({ content }) => content.kind === 'card' || content.kind === 'chat')).toEqual([]);
    }),
  );
});

test('nothing appears while the user types, or while the page is hidden', () => {
  fc.assert(
    fc.property(anyMessages, anySituation, (messages, now) => {
      expect(decide(messages, { ...now, typing: true })).toEqual([]);
      expect(decide(messages, { ...now, visible: false })).toEqual([]);
    }),
  );
});

test('what stands is not taken away because another message has come, or because the user types', () => {
  fc.assert(
    fc.property(anyMessages, anyMessage, anySituation, fc.boolean(), (messages, make, now, typing) => {
      const standing = standingAfter(messages, now);
      const late = message('late', make('late').content);
      const on = decide([late, ...messages], { ...now, typing, standing });
      for (const { message: one } of standing.values()) expect(on).toContain(one);
    }),
  );
});

test('no more messages appear in a session than the policy allows', () => {
  fc.assert(
    fc.property(anyMessages, anySituation, (messages, now) => {
      const on = decide(messages, now).map(({ id }) => id);
      const appeared = new Set([...now.shown, ...on]);
      expect(appeared.size).toBeLessThanOrEqual(Math.max(now.most, now.shown.length));
    }),
  );
});

test('what appears is the first of those that could appear alone', () => {
  fc.assert(
    fc.property(anyMessages, anySituation, (messages, now) => {
      const alone = messages.filter((one) => decide([one], now).length > 0);
      const [first] = [...alone].sort((a, b) => (b.content.priority ?? 0) - (a.content.priority ?? 0));
      expect(decide(messages, now)[0]).toBe(first);
    }),
  );
});

test('a decision that is made again with what stands is the same', () => {
  fc.assert(
    fc.property(anyMessages, anySituation, (messages, now) => {
      const on = decide(messages, now);
      const again = decide(messages, { ...now, standing: new Map(on.map((one) => stands(one))) });
      expect(new Set(again)).toEqual(new Set(on));
    }),
  );
});

test('what has expired, was answered, or was clicked and does not last never appears', () => {
  fc.assert(
    fc.property(anyMessages, anySituation, (messages, now) => {
      for (const one of decide(messages, now)) {
        expect(Date.parse(one.expiresAt)).toBeGreaterThan(now.now);
        expect(one.answeredAt).toBeNull();
        expect(one.clickedAt === null || isLasting(one)).toBe(true);
      }
    }),
  );
});

const modal = message('modal', { kind: 'modal' });
const banner = message('banner', { kind: 'banner' });

test('a banner stands beside another kind', () => {
  expect(shown([modal, banner])).toEqual(['modal', 'banner']);
});

test('the higher priority goes first, then the latest', () => {
  expect(shown([modal, message('older', { kind: 'modal' })])).toEqual(['modal']);
  expect(shown([modal, message('urgent', { kind: 'modal', priority: 1 })])).toEqual(['urgent']);
});

test('a message that the state no longer has goes from the screen', () => {
  expect(shown([], { standing: new Map([stands(modal)]) })).toEqual([]);
});

test('a newer message of the same card takes the place of what stands', () => {
  const [old, next] = ['old', 'next'].map((id) => message(id, { kind: 'progress' }, { slot: 'order' })) as [
    Message,
    Message,
  ];
  expect(shown([next, modal], { standing: new Map([stands(old)]) })).toEqual(['next']);
});

test('the progress messages of a run are one card without a slot too, and it appears once in its session', () => {
  const [old, next] = ['old', 'next'].map((id) => message(id, { kind: 'progress' }, { run: 'run' })) as [
    Message,
    Message,
  ];
  const standing = new Map([stands(old)]);
  expect(shown([modal, next], { standing, most: 1, shown: ['old'] })).toEqual(['next']);
  const ofAnother = message('other', { kind: 'progress' }, { run: 'another run' });
  expect(shown([ofAnother, old], { standing })).toEqual(['old']);
});

test('a message that was answered stays until its view is done, even when the state no longer has it', () => {
  expect(shown([], { standing: new Map([stands(modal, true)]) })).toEqual(['modal']);
  expect(shown([banner], { standing: new Map([stands(modal, true)]) })).toEqual(['modal', 'banner']);
});

test('a message on the screen goes with the page or the element that it belongs to', () => {
  const there = message('there', { kind: 'tip', anchor: '#export', where: { page: '/shop' } });
  const standing = new Map([stands(there)]);
  expect(shown([there], { standing })).toEqual(['there']);
  expect(shown([there], { standing, path: '/cart' })).toEqual([]);
  expect(shown([there], { standing, has: () => false })).toEqual([]);
});

test('a message that appeared before in the session does not count twice', () => {
  expect(shown([modal], { most: 1, shown: ['modal'] })).toEqual(['modal']);
  expect(shown([modal], { most: 1, shown: ['other'] })).toEqual([]);
});

test.each([
  ['/checkout', '/checkout', true],
  ['/checkout/pay', '/checkout*', true],
  ['/checkout', '/checkout/*', false],
  ['/de/checkout', '*/checkout', true],
  ['/a/b/c', '/a/*/c', true],
  ['/a/c', '/a/*/c', false],
  ['/aba', '/ab*ba', false],
  ['/', '*', true],
  ['/a.b', '/a?b', false],
])('the path %s and the pattern %s: %s', (path, pattern, expected) => {
  expect(fits(path, pattern)).toBe(expected);
});

test('a pattern fits what it was made from by leaving pieces out', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.string().map((text) => text.replaceAll('*', '')),
        { minLength: 1 },
      ),
      fc.string(),
      (parts, between) => {
        expect(fits(parts.join(between), parts.join('*'))).toBe(true);
      },
    ),
  );
});
