import fc from 'fast-check';
import { z } from 'zod';
import { event } from '../authoring/event';
import { journey, type Journey, type Steps } from '../authoring/journey';
import { chats } from '../chats/define';
import { explore } from '../explore';
import { mistakesIn } from '../json/mistakes';
import { journeyDefinition } from '../json/schema';
import { toJourney } from '../json/to-journey';
import { deployments, editions, live } from '../testing/properties/edited-life';
import { plans, type Ingredients } from '../testing/properties/random-journey';
import { deeds, define, users } from '../testing/properties/random-life';
import { StoredUser } from '../testing/properties/stored-user';
import { traveller, travellers, type Traveller } from '../testing/traveller';

/** Conversations that journeys open and close; see `docs/semantics.md`. */

const declared = chats({
  delivery: { roles: { customer: { label: 'Customer' }, courier: { label: 'Courier' }, shop: { label: 'Shop' } } },
});
const { delivery } = declared.byName;
const order = z.object({ order: z.string(), courier: z.string(), courierName: z.string() });
const handedOver = event('Handed Over', order, { order: 'o-7', courier: 'bob', courierName: 'Bob' });
const delivered = event('Delivered', z.object({ order: z.string() }), { order: 'o-7' });
const O7 = { order: 'o-7', courier: 'bob', courierName: 'Bob' };

const talk = journey(
  'talk',
  { enter: handedOver, key: ({ properties }) => properties.order, reenter: 'always' },
  async (j) => {
    const { order: key, courier, courierName } = j.event.properties;
    const bob = { userId: courier, role: 'courier', name: courierName } as const;
    await j.openChat('open', delivery, { key, as: 'customer', name: 'Ada', with: [bob] });
    await j.waitFor('delivered', delivered, { within: '1 day' });
    await j.closeChat('close', delivery, { key });
  },
);
const person = (one: Journey): Traveller => traveller(one, { with: { chats: declared } });
/** Makes a journey of one step, which everyone takes who gets an order. */
const made = (run: (j: Steps) => Promise<unknown>): Journey =>
  journey('made', { enter: handedOver }, async (j) => {
    await run(j);
    await j.award('went on', { points: 1 });
  });

describe('a conversation', () => {
  it('is opened between the user and others, and closed, as each of them sees it', async () => {
    const [ada, bob] = travellers(talk, { id: 'ada', with: { chats: declared } }, { id: 'bob' });
    await ada.track(handedOver, O7);
    expect(ada.chats).toEqual([
      {
        chat: 'delivery',
        key: 'o-7',
        open: true,
        role: 'customer',
        name: 'Ada',
        others: [{ role: 'courier', name: 'Bob' }],
      },
    ]);
    expect(bob.chats).toMatchObject([{ open: true, role: 'courier', others: [{ role: 'customer', name: 'Ada' }] }]);
    await ada.track(delivered, { order: 'o-7' });
    expect([ada.chats, bob.chats]).toMatchObject([[{ open: false }], [{ open: false }]]);
  });

  it('goes on when it is opened again, with the people named last', async () => {
    const [ada, bob, cleo] = travellers(talk, { id: 'ada', with: { chats: declared } }, { id: 'bob' }, { id: 'cleo' });
    await ada.track(handedOver, O7);
    await ada.track(delivered, { order: 'o-7' });
    await ada.forward('1 hour');
    await ada.track(handedOver, { ...O7, courier: 'cleo', courierName: 'Cleo' });
    expect(ada.chats).toMatchObject([{ open: true, others: [{ name: 'Cleo' }] }]);
    expect([bob.chats, cleo.chats]).toMatchObject([[], [{ role: 'courier' }]]);
  });

  it('changes at the present, like a message, however late it is decided', async () => {
    const user = new StoredUser(
      { id: 'ada', traits: {}, reachable: [], createdAt: 0 },
      await define([
        {
          id: 'only',
          trigger: 'Start',
          reenter: 'never',
          keyed: false,
          exit: [],
          goal: null,
          steps: [{ kind: 'openChat', step: 'open', key: 'o-7' }],
        },
      ]),
      { pending: 'all', history: 'complete' },
    );
    user.store({ id: '1', name: 'Start', at: 1_000, receivedAt: 1_000, properties: {} });
    await user.advance(60_000);
    expect([...user.chats.values()]).toMatchObject([{ chat: 'delivery', key: 'o-7', at: 60_000 }]);
  });

  it('is decided without a name or an id in what the Temporal UI shows', async () => {
    const ada = person(talk);
    await ada.track(handedOver, { ...O7, courierName: 'Secretive' });
    expect(ada.journal[0]).toMatchObject({ reason: 'delivery', facts: {} });
    expect(ada.decisions).toContainEqual(expect.objectContaining({ step: 'open', what: 'opened', reason: 'delivery' }));
    expect(JSON.stringify(ada.decisions)).not.toMatch(/Secretive|bob/);
  });
});

describe('what is not allowed is refused, and the run goes on:', () => {
  const opening = { key: 'o-7', as: 'customer', name: 'Ada', with: [{ userId: 'bob', role: 'courier', name: 'Bob' }] };
  const [bob] = opening.with;

  it.each<[string, string, Parameters<Steps['openChat']>[2]]>([
    ['chat', 'elsewhere', opening],
    ['chat', 'constructor', opening],
    ['role', 'delivery', { ...opening, as: 'driver' }],
    ['role', 'delivery', { ...opening, as: 'toString' }],
    ['people', 'delivery', { ...opening, with: [] }],
    ['people', 'delivery', { ...opening, as: 'courier' }],
    ['people', 'delivery', { ...opening, with: [{ userId: 'ada', role: 'courier', name: 'Bob' }] }],
    ['key', 'delivery', { ...opening, key: '' }],
    ['key', 'delivery', { ...opening, key: 'x'.repeat(201) }],
    ['key', 'delivery', { ...opening, key: undefined as never }],
    ['user', 'delivery', { ...opening, with: [{ userId: ' ', role: 'courier', name: 'Bob' }] }],
    ['name', 'delivery', { ...opening, name: '' }],
    ['name', 'delivery', { ...opening, name: 'x'.repeat(41) }],
    ['name', 'delivery', { ...opening, name: undefined as never }],
    ['name', 'delivery', { ...opening, name: '\ud83d' }],
  ])('%s, %s, %j', async (refused, chat, conversation) => {
    const ada = person(made((j) => j.openChat('open', chat, conversation)));
    await ada.track(handedOver, O7);
    expect(ada.journal[0]).toMatchObject({ status: 'done', outcome: { chat, refused } });
    expect(ada.decisions).toContainEqual(expect.objectContaining({ step: 'open', what: 'refused' }));
    expect([ada.chats, ada.profile.points]).toEqual([[], 1]);
  });

  it('of a name that was cut off within an emoji, the rest is kept', async () => {
    const ada = person(made((j) => j.openChat('open', 'delivery', { ...opening, name: 'Ada \ud83d' })));
    await ada.track(handedOver, O7);
    expect(ada.chats).toMatchObject([{ name: 'Ada ' }]);
  });

  it('a person without a role, a list that is none', async () => {
    const others = [{ ...bob, role: undefined as never }] as never;
    const ada = person(made((j) => j.openChat('open', 'delivery', { ...opening, with: others })));
    await ada.track(handedOver, O7);
    expect(ada.journal[0]).toMatchObject({ outcome: { refused: 'role' } });
    const cleo = person(made((j) => j.openChat('open', 'delivery', { ...opening, with: null as never })));
    await cleo.track(handedOver, O7);
    expect(cleo.runs[0]?.failure?.error).toContain('`with` must be a list');
  });

  it.each([
    ['key', 'delivery', ''],
    ['chat', 'elsewhere', 'o-7'],
  ])('closing, because of the %s', async (refused, chat, key) => {
    const ada = person(made((j) => j.closeChat('close', chat, { key })));
    await ada.track(handedOver, O7);
    expect(ada.journal[0]).toMatchObject({ outcome: { refused } });
    expect(ada.decisions).toContainEqual(expect.objectContaining({ step: 'close', what: 'refused' }));
  });
});

describe('an edit', () => {
  const steps = (...names: readonly string[]): Journey =>
    journey('talk', { enter: handedOver }, async (j) => {
      for (const name of names)
        if (name === 'wait') await j.sleep(name, '1 day');
        else
          await j.openChat(name, delivery, {
            key: name,
            as: 'customer',
            name: 'Ada',
            with: [{ userId: 'bob', role: 'courier', name: 'Bob' }],
          });
    });

  it('never opens a conversation again, and a new step behind the position opens none', async () => {
    const ada = person(steps('one', 'wait'));
    await ada.track(handedOver, O7);
    await ada.deploy(steps('new', 'one', 'wait', 'later'));
    expect(ada.chats.map(({ key }) => key)).toEqual(['one']);
    expect(ada.runs[0]?.journal).toContainEqual(expect.objectContaining({ step: 'new', status: 'skipped' }));
    await ada.forward('1 day');
    expect(ada.chats.map(({ key }) => key)).toEqual(['one', 'later']);
  });

  const talking: Ingredients = { effects: true, unbounded: false, triggers: ['Start', 'A', 'A or B'] };
  const withChats = plans('first', talking).filter(({ steps: all }) => /openChat|closeChat/.test(JSON.stringify(all)));

  it('at any time changes no conversation twice: each step that is done has one change', () =>
    fc.assert(
      fc.asyncProperty(withChats, deeds(), deployments(talking), users, async (plan, life, deploys, user) => {
        const after = editions([plan], deploys);
        const ada = new StoredUser(user, await define([plan]), { pending: 'awaited', history: 'limited' });
        await live(ada, life, deploys, async ({ at }, count) => {
          ada.definitions = await define(after[count] ?? []);
          await ada.advance(at);
        });
        const done = ada.runs
          .flatMap(({ journal }) => journal)
          .filter(({ kind, status }) => /^(open|close)Chat$/.test(kind) && status === 'done');
        // `StoredUser` throws when a change comes twice.
        expect(ada.chats.size).toBe(done.length);
      }),
      { numRuns: 40 },
    ));
});

describe('as data', () => {
  const catalogue = new Map([handedOver, delivered].map((one) => [one.name, one]));
  const open = {
    kind: 'openChat',
    step: 'open',
    chat: 'delivery',
    key: { var: 'entered.properties.order' },
    as: 'customer',
    name: 'Ada',
    with: [
      {
        userId: { var: 'entered.properties.courier' },
        role: 'courier',
        name: { var: 'entered.properties.courierName' },
      },
    ],
  };
  const close = { kind: 'closeChat', step: 'close', chat: 'delivery', key: { var: 'entered.properties.order' } };
  const wait = { kind: 'sleep', step: 'wait', duration: '1 day' };
  const definition = (...steps: readonly object[]): object => ({
    enter: { kind: 'event', event: 'Handed Over' },
    steps,
  });

  it('the steps do the same', async () => {
    const parsed = journeyDefinition.parse(definition(open, wait, close));
    expect(mistakesIn(parsed, catalogue)).toEqual([]);
    const ada = person(toJourney('talk', parsed, catalogue));
    await ada.track(handedOver, O7);
    expect(ada.chats).toMatchObject([{ key: 'o-7', open: true, others: [{ role: 'courier', name: 'Bob' }] }]);
    await ada.forward('1 day');
    expect(ada.chats).toMatchObject([{ open: false }]);
  });

  it('mistakes are named with their place', () => {
    const paths = (one: object): readonly PropertyKey[][] => {
      const { data, error } = journeyDefinition.safeParse(definition(one));
      return (data ? mistakesIn(data, catalogue) : error.issues).map(({ path }) => [...path]);
    };
    const [first] = open.with;
    expect(paths({ ...open, chat: 'no such name' })).toEqual([['steps', 0, 'chat']]);
    expect(paths({ ...open, key: '' })).toEqual([['steps', 0, 'key']]);
    expect(paths({ ...open, with: [] })).toEqual([['steps', 0, 'with']]);
    expect(paths({ ...open, name: 'x'.repeat(41) })).toEqual([['steps', 0, 'name']]);
    expect(paths({ ...open, with: [{ ...first, userId: { var: 'entered.properties.driver' } }] })).toEqual([
      ['steps', 0, 'with', 0, 'userId', 'var'],
    ]);
    expect(paths({ ...close, key: { var: 'entered.properties.number' } })).toEqual([['steps', 0, 'key', 'var']]);
  });
});

describe('explore', () => {
  it('goes on behind the steps', async () => {
    const { defects, tree } = await explore(talk, { with: { chats: declared } });
    expect(defects).toEqual([]);
    expect(JSON.stringify(tree)).toContain('"close"');
  });

  it('names a chat and a role that chats.ts does not declare', async () => {
    const mistaken = made(async (j) => {
      const opening = { key: 1, as: 'guest', name: 'Ada', with: [{ userId: 'bob', role: 'courier', name: 'Bob' }] };
      await j.openChat('open', 'delivery', opening);
      await j.closeChat('close', 'deliveries', { key: 1 });
    });
    expect((await explore(mistaken, { with: { chats: declared } })).defects).toMatchObject([
      { kind: 'unknown chat', step: 'open', text: expect.stringContaining("no role 'guest'") as string },
      { kind: 'unknown chat', step: 'close', text: "chats.ts declares no chat 'deliveries'" },
    ]);
    // Without the other definitions, nobody knows which chats there are.
    expect((await explore(mistaken)).defects).toEqual([]);
  });
});
