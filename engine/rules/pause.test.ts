import { compile } from '../outline/compile';
import fc from 'fast-check';
import { toJourney as fromPlan, type Plan } from '../testing/properties/plan';
import { plans } from '../testing/properties/random-journey';
import { BEGIN, deeds, define, moments, policies, users } from '../testing/properties/random-life';
import { StoredUser } from '../testing/properties/stored-user';
import { storedJourney, type StoredDefinition } from '../json/assemble';
import type { Catalogue } from '../json/schema';
import { type Definitions } from '../definitions/definitions';
import { event } from '../authoring/event';
import { journey, type Journey } from '../authoring/journey';
import { replayHistory } from '../compare/replay-history';
import type { JsonObject } from '../model/json';
import { traveller } from '../testing/traveller';
import { z } from 'zod';

const started = event('Started', z.object({}), {});
const done = event('Done', z.object({}), {});
const quit = event('Quit', z.object({}), {});
const CATALOGUE = new Map([started, done, quit].map((one) => [one.name, one]));

const mail = (step: string): JsonObject => ({
  kind: 'send',
  step,
  messages: [{ channel: 'email', template: step.replace(' ', '-') }],
});
const journeyOf = (steps: JsonObject[], more: JsonObject = {}): JsonObject => ({
  enter: { kind: 'event', event: 'Started' },
  exit: ['Quit'],
  steps,
  ...more,
});
const stored = (definitions: readonly JsonObject[], paused = false, catalogue: Catalogue = CATALOGUE): Journey => {
  const versions = definitions.map((definition, index): StoredDefinition => ({
    version: index + 1,
    definition,
    finish: definition['version'] === 'finish',
  }));
  return storedJourney({ id: 'course', paused, versions }, catalogue).journey;
};

describe('a pause', () => {
  // No definition has calls yet. A journey of code stands in for one.
  const calling = (paused: boolean, made: () => void): Journey => ({
    ...journey('course', { enter: started }, async (j) => {
      await j.call('ask', () => {
        made();
        return Promise.resolve('answered');
      });
    }),
    stored: { version: 1, definition: {}, paused, former: [] },
  });

  it('holds a call that is reached in it: nobody is asked, neither live nor when a life is lived again', async () => {
    const asked = jest.fn();
    const ada = traveller(calling(true, asked));
    await ada.track(started, {});
    await ada.forward('1 day');
    expect(asked).not.toHaveBeenCalled();
    expect(ada.why('ask')).toBe("'ask' waits for paused");
    await ada.deploy(calling(false, asked));
    expect(asked).toHaveBeenCalledTimes(1);
    expect(ada.runs).toMatchObject([{ status: 'completed' }]);

    const past = {
      id: 'ada',
      createdAt: '2026-01-05T12:00:00Z',
      events: [{ at: '2026-01-05T12:00:00Z', name: 'Started' }],
    };
    const again = await replayHistory(past, { journeys: [calling(true, asked)] }, '2026-02-05T12:00:00Z');
    expect(again.runs).toMatchObject([
      { status: 'active', journal: [{ step: 'ask', status: 'waiting', hold: 'paused' }] },
    ]);
  });

  const waiting = journeyOf([
    mail('hello'),
    { kind: 'waitFor', step: 'is done', events: ['Done'], within: '2 days', then: [mail('well done')] },
    mail('goodbye'),
  ]);

  it('lets a wait that has begun go on, and holds the step after it', async () => {
    const ada = traveller(stored([waiting]));
    await ada.track(started, {});
    await ada.deploy(stored([waiting], true));
    await ada.forward('1 day');
    await ada.track(done, {});
    expect(ada.why('is done')).toMatch(/^'is done' done: Done/);
    expect(ada.why('well done')).toBe("'well done' waits for paused");
    await ada.forward('3 hours');
    expect(ada.messages).toHaveLength(1);
    await ada.deploy(stored([waiting]));
    expect(ada.messages.map(({ step }) => step)).toEqual(['hello', 'well done', 'goodbye']);
  });

  it('holds users who enter meanwhile at the first step', async () => {
    const ada = traveller(stored([waiting], true));
    await ada.track(started, {});
    expect(ada.runs).toMatchObject([{ status: 'active', version: 1 }]);
    await ada.forward('1 hour');
    expect(ada.messages).toEqual([]);
    await ada.deploy(stored([waiting]));
    expect(ada.messages).toMatchObject([{ step: 'hello' }]);
  });

  it('does not send a message afterwards that has expired meanwhile', async () => {
    const ada = traveller(stored([waiting], true));
    await ada.track(started, {});
    await ada.forward('60 days');
    await ada.deploy(stored([waiting]));
    expect(ada.messages).toEqual([]);
    expect(ada.why('hello')).toMatch(/^'hello' done: expired/);
  });

  it('does not stop exits', async () => {
    const ada = traveller(stored([waiting], true));
    await ada.track(started, {});
    await ada.track(quit, {});
    expect(ada.runs).toMatchObject([{ status: 'exited', reason: 'Quit' }]);
  });

  it('holds a message that was held for quiet hours, and the message is decided again afterwards', async () => {
    const night = { at: '2026-01-05T23:00:00Z' };
    const ada = traveller(stored([waiting]), night);
    await ada.track(started, {});
    expect(ada.held).toHaveLength(1);
    await ada.deploy(stored([waiting], true));
    await ada.forward('14 hours');
    expect([ada.messages, ada.held]).toMatchObject([[], [{ step: 'hello' }]]);
    await ada.deploy(stored([waiting]));
    expect([ada.messages, ada.held]).toMatchObject([[{ step: 'hello' }], []]);
  });

  const paused = async (all: readonly Plan[], base: Definitions, yes: boolean): Promise<Definitions> =>
    compile({
      ...base,
      journeys: all.map((plan) => ({
        ...fromPlan(plan),
        stored: { version: 1, definition: {}, paused: yes, former: [] },
      })),
    });

  it('sends nothing while it lasts, and strands no user, whenever it begins and ends', () =>
    fc.assert(
      fc.asyncProperty(
        plans('first', {
          effects: true,
          unbounded: false,
          triggers: ['Start', 'A', 'A counted', 'silence', 'upgraded'],
        }),
        deeds(),
        fc.tuple(moments, moments).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b) + 1]),
        users,
        policies,
        async (plan, life, [from, to], person, policy) => {
          const base = await define([plan], { policy });
          const user = new StoredUser(person, await paused([plan], base, false), {
            pending: 'awaited',
            history: 'limited',
          });
          const turn = async (yes: boolean, at: number): Promise<void> => {
            user.definitions = await paused([plan], base, yes);
            await user.advance(at);
          };
          const happenings = [
            ...life.map((deed) => ({ at: deed.receivedAt, happen: () => user.receive(deed) })),
            { at: from, happen: () => turn(true, from) },
            { at: to, happen: () => turn(false, to) },
          ].sort((a, b) => a.at - b.at);
          for (const { at, happen } of happenings) {
            await user.passUntil(at - 1);
            await happen();
          }
          await user.passUntil(BEGIN + 365 * 86_400_000);
          for (const { decidedAt, status } of user.messages.values())
            expect(status === 'queued' && decidedAt >= from && decidedAt < to).toBe(false);
          expect(user.runs.filter(({ endedAt }) => endedAt === null)).toEqual([]);
        },
      ),
      { numRuns: 150 },
    ));
});

describe("version: 'finish'", () => {
  const slow = { kind: 'sleep', step: 'a while', duration: '2 days' };
  const first = journeyOf([slow, mail('first')], { reenter: 'always' });
  const second = journeyOf([slow, mail('second')], { reenter: 'always' });
  const third = journeyOf([slow, mail('third')], { reenter: 'always' });
  const finish = { version: 'finish' };

  it('lets users who are inside finish on the version they are on', async () => {
    const ada = traveller(stored([first]));
    await ada.track(started, {});
    await ada.deploy(stored([first, { ...second, ...finish }]));
    await ada.forward('3 days');
    await ada.track(started, {});
    await ada.forward('3 days');
    expect(ada.messages.map(({ step }) => step)).toEqual(['first', 'second']);
  });

  it('applies per version: a later version without it takes users over', async () => {
    const ada = traveller(stored([first]));
    await ada.track(started, {});
    await ada.deploy(stored([first, second]));
    await ada.deploy(stored([first, second, { ...third, ...finish }]));
    await ada.forward('3 days');
    expect(ada.messages.map(({ step }) => step)).toEqual(['second']);
  });

  it('leaves users where they are if the version they finish on does not fit, until it fits again', async () => {
    const versions = [first, { ...second, ...finish, exit: [] }];
    const withoutQuit = new Map([...CATALOGUE].filter(([name]) => name !== 'Quit'));
    const ada = traveller(stored([first]));
    await ada.track(started, {});
    await ada.deploy(stored(versions, false, withoutQuit));
    const bob = traveller(stored(versions, false, withoutQuit));
    await bob.track(started, {});
    for (const one of [ada, bob]) await one.forward('5 days');
    expect(ada.runs).toMatchObject([
      { status: 'active', version: 1, journal: [{ step: 'a while', status: 'waiting' }] },
    ]);
    expect(bob.messages.map(({ step }) => step)).toEqual(['second']);

    await ada.deploy(stored(versions));
    expect(ada.runs).toMatchObject([{ status: 'completed', version: 1 }]);
    expect(ada.messages.map(({ step }) => step)).toEqual(['first']);
  });

  it('does not move users to another version because theirs does not fit', async () => {
    const versions = [first, { ...second, ...finish, exit: ['Done'] }, { ...third, ...finish, exit: [] }];
    const without = (gone: string): Catalogue => new Map([...CATALOGUE].filter(([name]) => name !== gone));
    const onFirst = traveller(stored(versions.slice(0, 1)));
    const onSecond = traveller(stored(versions.slice(0, 2)));
    for (const one of [onFirst, onSecond]) await one.track(started, {});
    for (const one of [onFirst, onSecond]) await one.deploy(stored(versions, false, without('Done')));
    for (const one of [onFirst, onSecond]) await one.forward('3 days');
    expect([onFirst, onSecond].map(({ messages }) => messages.map(({ step }) => step))).toEqual([['first'], []]);
  });

  it('awaits the events of former versions', async () => {
    const waits = journeyOf([{ kind: 'waitFor', step: 'is done', events: ['Done'], then: [mail('well done')] }]);
    const ada = traveller(stored([waits]));
    await ada.track(started, {});
    const next = stored([waits, { ...second, ...finish }]);
    expect((await compileOne(next)).reactsTo).toContain('Done');
    await ada.deploy(next);
    await ada.track(done, {});
    expect(ada.messages.map(({ step }) => step)).toEqual(['well done']);
  });
});

async function compileOne(journey: Journey): Promise<Definitions> {
  return compile({ ...(await define([])), journeys: [journey] });
}
