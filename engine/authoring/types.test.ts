import { inactivity, manual, milestone, stage } from '../user/triggers';
import { z } from 'zod';
import { chats } from '../chats/define';
import { anyOf, event, type CatalogueEvent, type Occurrence } from './event';
import { ended } from './ended';
import { journey, type Facts, type SendOutcome, type StartOutcome } from './journey';
import { traitChanged } from './trait-changed';
import type { Json, JsonObject } from '../model/json';

/**
 * The types of a journey's code. `tsc` reports a type that differs from the stated one. The journeys here never run.
 */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** Returns a function that compiles only if its argument has exactly the expected type. */
function expectType<Expected>(): <Actual>(
  value: Actual,
  ...proof: Same<Actual, Expected> extends true ? [] : [never]
) => void {
  return () => undefined;
}

const ordered = event('Ordered', z.object({ orderId: z.string(), total: z.number() }), { orderId: 'o-1', total: 7 });
const cancelled = event('Cancelled', z.object({ reason: z.string().optional() }), {});

it("an event's properties have the type of its schema", () => {
  expectType<CatalogueEvent<{ orderId: string; total: number }, 'Ordered'>>()(ordered);
  expect(ordered.name).toBe('Ordered');
});

it('a property that an event forgets may be undefined, and the others have the type of the schema', () => {
  const schema = z.looseObject({ request: z.string(), link: z.string() });
  const reset = event('Reset', schema, { request: 'R-1', link: 'l' }, { forget: { link: '1 hour' } });
  journey('forgetting', { enter: reset }, async (j) => {
    expectType<string>()(j.event.properties.request);
    expectType<string | undefined>()(j.event.properties.link);
    await j.send('link', { email: 'link' }, { data: { link: j.event.properties.link } });
  });
  expect(reset.forget).toEqual({ link: 3_600_000 });
});

it('an example that does not pass the schema is refused, and so is an invalid name', () => {
  const strict = z.object({ total: z.number() });
  expect(() => event('Ordered', strict, { total: 'seven' })).toThrow("The example of event 'Ordered'");
  expect(() => event('*', strict, { total: 7 })).toThrow("'*' can't be the name of an event");
  expect(() => event(' ', strict, { total: 7 })).toThrow("' ' can't be the name of an event");
});

it('the steps have the types of the events', () => {
  journey('typed', { enter: ordered }, async (j) => {
    expectType<Occurrence<{ orderId: string; total: number }, 'Ordered'>>()(j.event);

    const one = await j.waitFor('one', cancelled, { within: '1 day' });
    expectType<Occurrence<{ reason?: string | undefined }, 'Cancelled'> | null>()(one);

    const either = await j.waitFor('either', anyOf(ordered, cancelled));
    if (either?.name === 'Ordered') expectType<number>()(either.properties.total);
    if (either?.name === 'Cancelled') expectType<string | undefined>()(either.properties.reason);

    expectType<boolean>()(await j.check('check', ({ user }) => user.points > 0));
    expectType<'a' | 'b'>()(await j.experiment('experiment', { a: 1, b: 1 }));
    const choices = [
      { value: 'a', label: 'A' },
      { value: 'b', label: { en: 'B' } },
    ] as const;
    expectType<'a' | 'b' | null>()(await j.ask('ask', { text: 'Which?', choices }));
    expectType<'c' | null>()(await j.ask('ask', { text: 'This?', choices: [{ value: 'c', label: 'C' }] }));
    expectType<number>()(await j.pick('pick', ({ user }) => user.points));
    expectType<{ score: number } | null>()(await j.call('call', ({ user }) => Promise.resolve({ score: user.points })));
    const scored = (): Promise<{ score: number } | null> => Promise.resolve(null);
    expectType<{ score: number } | null>()(await j.call('scored', scored, { examples: [{ score: 1 }, null] }));
    // @ts-expect-error an example that the function can't return
    await j.call('mistaken', scored, { examples: [{ points: 1 }] });
    const bounded = { attempts: 3, onFailure: 'null' } as const;
    expectType<{ score: number } | null>()(await j.call('bounded', () => Promise.resolve({ score: 2 }), bounded));
    expectType<SendOutcome>()(await j.send('send', { email: 'mail' }));
    expectType<StartOutcome>()(await j.start('start', 'course', { key: 1, data: { plan: 'pro' } }));
    const first = await j.waitFor('first', anyOf(ordered, ended('course')));
    if (first?.name === 'Ordered') expectType<number>()(first.properties.total);
    else if (first) expectType<'completed' | 'exited'>()(first.properties.status);
    return j.exit('exit');
  });
});

it('a conversation has the roles of its chat', () => {
  const { delivery } = chats({
    delivery: { roles: { customer: { label: 'Customer' }, courier: { label: 'Courier' } } },
  }).byName;
  journey('talking', { enter: ordered }, async (j) => {
    const ada = { key: j.event.properties.orderId, as: 'customer', name: 'Ada' } as const;
    await j.openChat('open', delivery, { ...ada, with: [{ userId: 'bob', role: 'courier', name: 'Bob' }] });
    // @ts-expect-error: the chat has no such role
    await j.openChat('mistaken', delivery, { ...ada, with: [{ userId: 'bob', role: 'driver', name: 'Bob' }] });
    await j.openChat('by name', 'delivery', { ...ada, with: [{ userId: 'bob', role: 'driver', name: 'Bob' }] });
    await j.closeChat('close', delivery, { key: 7 });
  });
  expect(delivery.name).toBe('delivery');
});

it('a key is a property of the event that lets the user enter, which any other event may lack', () => {
  const byOrder = journey('keyed', { enter: ordered, key: (e) => e.properties.orderId }, () => Promise.resolve());
  expect(byOrder.key?.({ id: '1', name: 'Ordered', at: 0, properties: { orderId: 'o-1' } })).toBe('o-1');
  journey(
    'shown',
    {
      enter: ordered,
      key: ({ properties }) => {
        expectType<string | undefined>()(properties.orderId);
        expectType<number | undefined>()(properties.total);
        expectType<Json | undefined>()(properties['invoice']);
        return properties.total;
      },
    },
    () => Promise.resolve(),
  );
  journey('counted', { enter: milestone(ordered, [10]), key: ({ properties }) => properties.count }, () =>
    Promise.resolve(),
  );
  journey('by-hand', { enter: manual(), key: ({ id }) => id }, () => Promise.resolve());
});

it('properties have the types in which they are sent: a schema checks them and does not convert them', () => {
  const booked = event('Booked', z.object({ seats: z.number().default(1), when: z.string().transform(Date.parse) }), {
    when: '2026-01-05',
  });
  expectType<CatalogueEvent<{ seats?: number | undefined; when: string }, 'Booked'>>()(booked);
});

it('each trigger gives `j.event` its type', () => {
  journey('by-one-of-several', { enter: anyOf(ordered, cancelled) }, (j) => {
    expectType<'Ordered' | 'Cancelled'>()(j.event.name);
    if (j.event.name === 'Ordered') expectType<number>()(j.event.properties.total);
    else expectType<string | undefined>()(j.event.properties.reason);
    return Promise.resolve();
  });
  journey('by-milestone', { enter: milestone(ordered, [10]) }, (j) => {
    expectType<number>()(j.event.properties.count);
    expectType<string>()(j.event.properties.orderId);
    return Promise.resolve();
  });
  for (const enter of [inactivity('1 day'), stage('dormant'), manual()])
    journey('otherwise', { enter }, (j) => {
      expectType<JsonObject>()(j.event.properties);
      return Promise.resolve();
    });
});

it('a change of a trait has its trait in its name, and tells what it was and is', () => {
  journey('by-change', { enter: anyOf(traitChanged('plan', { to: ['pro', null] }), ordered) }, (j) => {
    expectType<'Trait Changed: plan' | 'Ordered'>()(j.event.name);
    if (j.event.name === 'Trait Changed: plan') expectType<Json>()(j.event.properties.from);
    return Promise.resolve();
  });
  // @ts-expect-error: there is no such comparison
  expect(() => traitChanged('plan', { to: { more: 1 } })).toThrow('not a comparison');
});

it('a question knows the properties of its event', () => {
  const decide = ({ did }: Facts): void => {
    expectType<string | undefined>()(did(ordered).last?.properties.orderId);
    expectType<number>()(did(anyOf(ordered, cancelled)).count({ within: '30 days' }));
    expectType<string | undefined>()(did(ordered).first?.local.date);
    did(ordered).sum('orderId');
    did(ordered).sum('price.amount');
    // @ts-expect-error: there is no such property
    did(ordered).sum('order');
  };
  expect(decide).toBeDefined();
});

it('facts are JSON', () => {
  const decide = ({ user, now }: Facts): void => {
    expectType<Json | undefined>()(user.traits['plan']);
    expectType<number>()(now);
  };
  expect(decide).toBeDefined();
});
