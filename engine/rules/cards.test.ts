import fc from 'fast-check';
import { answered, clicked, dismissed, seen, snoozed } from '../authoring/message-events';
import { anyOf } from '../authoring/event';
import { journey, type Journey } from '../authoring/journey';
import { journeyDefinition } from '../json/schema';
import { toJourney } from '../json/to-journey';
import { REACTIONS, reactionProperties } from '../model/message-reaction';
import type { Message } from '../model/state';
import { orderPlaced, signedUp } from '../testing/properties/catalogue';
import { traveller, type Traveller } from '../testing/traveller';

/** Cards in the app, and what people do with messages; see `docs/semantics.md`. */

const asks = journey('asks', { enter: signedUp }, async (j) => {
  await j.send('question', { inApp: 'question' }, { slot: 'ask' });
  const answer = await j.waitFor('answer', answered, { within: '7 days' });
  await j.award('thanks', { badge: answer?.properties.value ?? 'none' });
});

/** What happens when the person reacts to a message of another run. */
const OTHERS = reactionProperties({
  id: 'm',
  journey: 'asks',
  step: 'question',
  run: 'another',
  key: null,
  slot: null,
});

function lastMessage({ messages }: Traveller): Message {
  const last = messages.at(-1);
  if (!last) throw new Error('No message went out.');
  return last;
}

/** The properties of a reaction to the latest message. */
function own(person: Traveller, value?: string): Record<string, string> {
  const { id, journey: of, step, runId, card } = lastMessage(person);
  const message = { id, journey: of, step, run: runId, key: card?.key ?? null, slot: card?.slot ?? null };
  return reactionProperties(message, value === undefined ? undefined : { value }) as Record<string, string>;
}

describe('in a run, a reaction means one to the own messages of the run', () => {
  it('ends a wait', async () => {
    const ada = traveller(asks);
    await ada.track(signedUp, { plan: 'free' });
    await ada.track(answered, { ...OTHERS, value: 'no' } as never);
    expect(ada.journal.at(-1)).toMatchObject({ step: 'answer', status: 'waiting' });
    await ada.track(answered, own(ada, 'yes') as never);
    expect(ada.profile.badges).toEqual(['yes']);
  });

  it('is an exit and the goal', async () => {
    const course = journey('course', { enter: signedUp, exit: [dismissed], goal: { event: clicked } }, async (j) => {
      await j.send('lesson', { inApp: 'lesson' });
      await j.sleep('a week', '7 days');
    });
    const ada = traveller(course);
    await ada.track(signedUp, { plan: 'free' });
    await ada.track(clicked, OTHERS as never);
    await ada.track(dismissed, OTHERS as never);
    expect(ada.runs).toMatchObject([{ status: 'active', goalAt: null }]);
    await ada.track(clicked, own(ada) as never);
    await ada.track(dismissed, own(ada) as never);
    expect(ada.runs).toMatchObject([{ status: 'exited', goalAt: ada.now, reason: 'Message Dismissed' }]);
  });

  it('finds its run without the key, also where the key of an event is another', async () => {
    const order = journey(
      'order',
      {
        enter: orderPlaced,
        key: ({ id, name, properties }) => (name === 'Order Placed' ? properties.orderId : id),
      },
      async (j) => {
        await j.send('card', { inApp: 'order' });
        await j.waitFor('seen', seen, { within: '7 days' });
      },
    );
    const ada = traveller(order);
    for (const orderId of ['a', 'b']) await ada.track(orderPlaced, { orderId });
    await ada.track(seen, own(ada) as never);
    expect(ada.runs.map(({ key, status }) => [key, status])).toEqual([
      ['b', 'completed'],
      ['a', 'active'],
    ]);
  });

  it('counts as activity of the person, whichever run sent the message', async () => {
    const back = journey('back', { enter: signedUp }, async (j) => {
      await j.waitFor('back', { ...clicked, name: '*' } as never, { within: '7 days' });
    });
    const ada = traveller(back);
    await ada.track(signedUp, { plan: 'free' });
    await ada.track(clicked, OTHERS as never);
    expect(ada.runs).toMatchObject([{ status: 'completed' }]);
  });

  it('lets a trigger take those of all journeys, and a filter one of them', async () => {
    const unhappy = journey('unhappy', { enter: answered.where({ journey: 'asks', value: 'no' }) }, async (j) => {
      await j.award('noted', { badge: j.event.properties.step });
    });
    const ada = traveller([asks, unhappy]);
    await ada.track(signedUp, { plan: 'free' });
    await ada.track(answered, own(ada, 'no') as never);
    expect(ada.profile.badges).toEqual(['no', 'question']);
  });
});

describe('the card of a message', () => {
  const orders = (reopen?: boolean): Journey =>
    journey('orders', { enter: orderPlaced, key: ({ properties }) => properties.orderId }, async (j) => {
      await j.send('placed', { inApp: 'order' }, { slot: 'order' });
      await j.send('ready', { inApp: 'order' }, { slot: 'order', ...(reopen !== undefined && { reopen }) });
      await j.send('by mail', { email: 'order' }, { slot: 'order' });
      await j.send('banner', { inApp: 'order' });
    });

  it('is named by slot and key, and knows its step, so that messages of one instant are told apart', async () => {
    const ada = traveller(orders());
    await ada.track(orderPlaced, { orderId: 'a' });
    expect(ada.messages.map(({ step, card }) => [step, card])).toEqual([
      ['placed', { slot: 'order', key: 'a', turn: 1 }],
      ['ready', { slot: 'order', key: 'a', turn: 2 }],
      ['by mail', undefined],
      ['banner', undefined],
    ]);
  });

  it('is opened again only if the send says so', async () => {
    for (const [said, reopen] of [
      [true, true],
      [false, undefined],
    ] as const) {
      const ada = traveller(orders(said));
      await ada.track(orderPlaced, { orderId: 'a' });
      expect(ada.messages[1]?.card?.reopen).toBe(reopen);
    }
  });
});

it('slots, reopening and the events of messages can be written as data', async () => {
  const definition = journeyDefinition.parse({
    enter: { kind: 'event', event: 'Signed Up' },
    steps: [
      { kind: 'send', step: 'ask', messages: [{ channel: 'inApp', template: 'ask' }], slot: 'ask', reopen: true },
      {
        kind: 'waitFor',
        step: 'answer',
        events: ['Message Answered'],
        within: '7 days',
        then: [{ kind: 'award', step: 'thanks', points: 1 }],
      },
    ],
  });
  const events = new Map<string, never>([signedUp, answered].map((one) => [one.name, one as never]));
  const ada = traveller(toJourney('asked', definition, events));
  await ada.track(signedUp, { plan: 'free' });
  expect(lastMessage(ada).card).toEqual({ slot: 'ask', key: null, reopen: true, turn: 1 });
  await ada.track(answered, { ...OTHERS, value: 'yes' } as never);
  expect(ada.profile.points).toBe(0);
  await ada.track(answered, own(ada, 'yes') as never);
  expect(ada.profile.points).toBe(1);
});

it('an edit of the slot concerns the messages that are sent from then on', async () => {
  const version = (slot: string): Journey =>
    journey('edited', { enter: signedUp }, async (j) => {
      await j.send('first', { inApp: 'first' }, { slot });
      await j.waitFor('any', anyOf(clicked, dismissed), { within: '1 day' });
      await j.send('second', { inApp: 'second' }, { slot });
    });
  const ada = traveller(version('old'));
  await ada.track(signedUp, { plan: 'free' });
  await ada.deploy(version('new'));
  await ada.track(clicked, own(ada) as never);
  expect(ada.messages.map(({ card }) => card?.slot)).toEqual(['old', 'new']);
});

it('the events have the names that their reactions have', () => {
  expect([seen, clicked, dismissed, snoozed, answered].map(({ name }) => name)).toEqual(Object.values(REACTIONS));
});

describe('a message that lasts while its user is inside', () => {
  const templates = Promise.resolve(() => ({ kind: 'banner', title: 'T', body: 'B' }));
  const hint = (more: object = {}): Journey =>
    journey('hint', { enter: signedUp, exit: [orderPlaced], ...more }, async (j) => {
      await j.send('hint', { inApp: 'hint' }, { while: 'inside' });
      await j.send('news', { inApp: 'news' });
      await j.sleep('a week', '7 days');
    });
  const inboxOf = ({ inbox }: Traveller): string[] => inbox.map(({ step }) => step).sort();

  it('goes when an event makes them leave, and when the code returns', async () => {
    for (const end of [
      (ada: Traveller) => ada.track(orderPlaced, { orderId: 'A' }),
      (ada: Traveller) => ada.forward('7 days'),
    ]) {
      const ada = traveller(hint(), { templates });
      await ada.track(signedUp, { plan: 'free' });
      expect(inboxOf(ada)).toEqual(['hint', 'news']);
      await end(ada);
      expect(inboxOf(ada)).toEqual(['news']);
    }
  });

  it('stays as it was decided when an edit says otherwise', async () => {
    const lasting = journey('hint', { enter: signedUp, exit: [orderPlaced] }, async (j) => {
      await j.send('hint', { inApp: 'hint' });
      await j.send('news', { inApp: 'news' }, { while: 'inside' });
      await j.sleep('a week', '7 days');
    });
    const ada = traveller(hint(), { templates });
    await ada.track(signedUp, { plan: 'free' });
    await ada.deploy(lasting);
    await ada.track(orderPlaced, { orderId: 'A' });
    expect(inboxOf(ada)).toEqual(['news']);
  });

  it('is shown exactly while its run is open, whatever happens in whatever order', async () => {
    const act = fc.constantFrom('enter', 'leave', 'wait', 'deploy');
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 8 }), async (acts) => {
        const ada = traveller(hint({ reenter: 'always' }), { templates });
        for (const one of acts) {
          if (one === 'enter') await ada.track(signedUp, { plan: 'free' });
          else if (one === 'leave') await ada.track(orderPlaced, { orderId: 'A' });
          else if (one === 'wait') await ada.forward('3 days');
          else await ada.deploy(hint({ reenter: 'always' }));
          const open = new Set(ada.runs.filter(({ endedAt }) => endedAt === null).map(({ id }) => id));
          const shown = ada.inbox.filter(({ step }) => step === 'hint').map(({ runId }) => runId);
          const sent = ada.messages.filter(({ step, runId }) => step === 'hint' && open.has(runId));
          expect(shown.sort()).toEqual(sent.map(({ runId }) => runId).sort());
        }
      }),
      { numRuns: 50 },
    );
  });
});
