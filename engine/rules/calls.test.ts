import fc from 'fast-check';
import { journey, type CallOptions, type Journey } from '../authoring/journey';
import type { Definitions } from '../definitions/definitions';
import { lifecycle } from '../authoring/lifecycle';
import { explore } from '../explore';
import { compile } from '../outline/compile';
import { codeOf } from '../replay/calls';
import { signedUp, unrestrained } from '../testing/properties/catalogue';
import { StoredUser } from '../testing/properties/stored-user';
import { traveller } from '../testing/traveller';
import { CALLED } from '../user/commands';

/** Rule 4, for calls that fail; see `docs/semantics.md`. */

const HOUR = 3_600_000;

interface Coupon {
  readonly [key: string]: string;
  readonly code: string;
}

/** A journey with one call, which mails the code or, without one, a plain text. */
const withCoupon = (work: () => Promise<Coupon>, options: CallOptions<Coupon> = {}): Journey =>
  journey('coupons', { enter: signedUp, transactional: true }, async (j) => {
    const coupon = await j.call('coupon', work, options);
    await j.send(coupon ? `code ${coupon.code}` : 'no code', { email: 'coupon' });
  });

/** Fails so many times, then answers. */
function failing(times: number, code = 'ECONNREFUSED'): { readonly work: () => Promise<Coupon>; calls: number } {
  const service = {
    calls: 0,
    work: () =>
      ++service.calls <= times
        ? Promise.reject(Object.assign(new Error('no ada@example.com'), { code }))
        : Promise.resolve({ code: 'A' }),
  };
  return service;
}

const sent = ({ messages }: { messages: readonly { readonly step: string }[] }): string[] =>
  messages.map(({ step }) => step);

describe('a call with bounds', () => {
  it('that fails less often than it may is answered', async () => {
    const service = failing(2);
    const ada = traveller(withCoupon(service.work, { attempts: 3, onFailure: 'null' }));
    await ada.track(signedUp, { plan: 'free' });
    expect([service.calls, sent(ada), ada.why('coupon')]).toEqual([3, ['code A'], "'coupon' done: answered"]);
  });

  it('that fails as often as it may is answered with null, once, and says why', async () => {
    const service = failing(3);
    const ada = traveller(withCoupon(service.work, { attempts: 3, onFailure: 'null' }));
    await ada.track(signedUp, { plan: 'free' });
    expect([service.calls, sent(ada)]).toEqual([3, ['no code']]);
    expect(ada.why('coupon')).toBe("'coupon' done: gave up after 3 attempts: ECONNREFUSED");
  });

  it('that is not answered within its time is answered with null at its end', async () => {
    const ada = traveller(withCoupon(failing(99).work, { within: '3 hours', onFailure: 'null' }));
    await ada.track(signedUp, { plan: 'free' });
    await ada.forward('179 minutes');
    expect(sent(ada)).toEqual([]);
    await ada.forward('1 minute');
    expect([sent(ada), ada.why('coupon')]).toEqual([['no code'], "'coupon' done: gave up: no answer within 3 hours"]);
  });

  it('parks its run otherwise, in words without personal data, and is made again under other definitions', async () => {
    const service = failing(2);
    const ada = traveller(withCoupon(service.work, { attempts: 2 }));
    await ada.track(signedUp, { plan: 'free' });
    expect(ada.runs).toMatchObject([
      { status: 'failed', failure: { step: 'coupon', shown: 'gave up after 2 attempts: ECONNREFUSED' } },
    ]);
    expect(ada.decisions.at(-1)).toMatchObject({ what: 'failed', reason: 'gave up after 2 attempts: ECONNREFUSED' });
    await ada.deploy(withCoupon(service.work, { attempts: 3 }));
    expect([service.calls, sent(ada)]).toEqual([3, ['code A']]);
  });

  it('that parked its run has its full time and all its attempts again', async () => {
    const down = failing(5);
    const ada = traveller(withCoupon(down.work, { within: '1 hour' }));
    await ada.track(signedUp, { plan: 'free' });
    await ada.forward('2 days');
    expect(ada.runs).toMatchObject([{ status: 'failed', failure: { shown: 'gave up: no answer within 1 hour' } }]);
    await ada.deploy(withCoupon(down.work, { within: '2 hours', onFailure: 'null' }));
    expect(ada.journal).toMatchObject([{ status: 'waiting', until: ada.now + 2 * HOUR, askedAt: ada.now }]);
    await ada.forward('2 hours');
    expect(sent(ada)).toEqual(['no code']);
  });

  it.each([
    [{ within: '3 hours', attempts: 0 }, 'attempts must be a whole number of 1 or more, not 0.'],
    [{ attempts: 1.5 }, 'attempts must be a whole number of 1 or more, not 1.5.'],
    [{ onFailure: 'null' }, "onFailure: 'null' needs a bound: within, such as '3 hours', or attempts, such as 3."],
    [{ onFailure: 'skip' as 'null' }, "onFailure: expected 'null' or 'park', not 'skip'."],
    [{ attempts: 2, onFailure: 'skip' as 'null' }, "onFailure: expected 'null' or 'park', not 'skip'."],
  ] as const)('whose bounds are %j is refused', async (options, message) => {
    const ada = traveller(withCoupon(failing(0).work, options));
    await ada.track(signedUp, { plan: 'free' });
    expect(ada.runs).toMatchObject([{ status: 'failed', failure: { error: message, step: 'coupon' } }]);
  });
});

it('a call without bounds waits without end, as it always did', async () => {
  const user = await stored(withCoupon(failing(0).work));
  await user.advanceOnce(1);
  const [record] = user.runs.flatMap(({ journal }) => journal);
  expect(record).toEqual({
    step: 'coupon',
    kind: 'call',
    enteredAt: 1,
    status: 'waiting',
    until: null,
    awaits: [],
    hold: null,
    awaitsAnswer: true,
    reason: 'call',
    facts: {},
    version: user.definitions.version,
  });
});

const defined = (one: Journey): Promise<Definitions> =>
  compile({ journeys: [one], lifecycle: lifecycle({ initial: 'new', rules: [] }), ...unrestrained, traits: {} });

/** A user whose trigger is stored and not decided yet. */
async function stored(one: Journey): Promise<TriedUser> {
  const user = new TriedUser({ id: 'ada', traits: {}, reachable: ['email'], createdAt: 0 }, await defined(one), {
    pending: 'awaited',
    history: 'limited',
  });
  user.store({ id: '1', name: 'Signed Up', at: 1, receivedAt: 1, properties: { plan: 'free' } });
  return user;
}

/** A stored user whose calls can fail for good. */
class TriedUser extends StoredUser {
  failCall(now: number, since: number): void {
    const [run] = this.runs;
    const failed = { attempts: 2, code: 'ETIMEDOUT', since };
    const properties = { run: run?.id ?? '', step: 'coupon', result: null, failed };
    const id = `failed ${since}`;
    if (this.events.some((event) => event.id === id)) return;
    this.events.push({ id, name: CALLED, at: now, receivedAt: now, properties, pending: true });
  }
}

describe('the time of a call', () => {
  const hurried = withCoupon(failing(0).work, { within: '1 hour', onFailure: 'null' });

  it('begins when it can first be made, however late the worker is', async () => {
    const user = await stored(hurried);
    const { effects } = await user.advanceOnce(1 + 5 * HOUR);
    expect([effects.calls, user.wakeAt]).toMatchObject([[{ step: 'coupon' }], 1 + 6 * HOUR]);
  });

  it('is over for an answer that comes later, also if both are decided late', async () => {
    const user = await stored(hurried);
    const [call] = (await user.advanceOnce(1)).effects.calls;
    user.answerCall(call ?? { runId: '', journey: '', step: '' }, 2 + HOUR);
    await user.advanceOnce(9 * HOUR);
    expect(user.runs).toMatchObject([{ journal: [{ outcome: null, at: 1 + HOUR }, { step: 'no code' }] }]);
  });

  it('is counted from its start after an edit; if it is over then, the call ends now and not in the past', async () => {
    const user = await stored(withCoupon(failing(0).work));
    await user.advanceOnce(1);
    user.definitions = await defined(hurried);
    await user.advanceOnce(3 * HOUR);
    expect(user.runs).toMatchObject([{ journal: [{ outcome: null, at: 3 * HOUR }, { step: 'no code' }] }]);
  });
});

it('a failure from before the call was asked for anew does not count', async () => {
  const user = await stored(withCoupon(failing(0).work, { attempts: 2 }));
  await user.advanceOnce(1);
  user.failCall(2, 1);
  await user.advanceOnce(2);
  expect(user.runs).toMatchObject([{ status: 'failed' }]);
  user.definitions = await defined(withCoupon(failing(0).work, { attempts: 3 }));
  expect((await user.advanceOnce(2)).effects.calls).toMatchObject([{ step: 'coupon' }]);
  user.failCall(9, 3);
  await user.advanceOnce(9);
  expect(user.runs).toMatchObject([{ status: 'failed', failure: { at: 9 } }]);
});

it('whatever happens to a call with both bounds, its run gets one answer and goes on once', async () => {
  const happenings = fc.array(
    fc.record({
      what: fc.constantFrom('answer' as const, 'fail' as const, 'edit' as const, 'wake' as const),
      after: fc.integer({ min: 0, max: 2 * HOUR }),
    }),
    { maxLength: 6 },
  );
  const versions = await Promise.all(
    (['1 hour', '3 hours'] as const).map((within) =>
      defined(withCoupon(failing(0).work, { within, attempts: 2, onFailure: 'null' })),
    ),
  );
  await fc.assert(
    fc.asyncProperty(happenings, async (all) => {
      const user = await stored(withCoupon(failing(0).work, { within: '1 hour', attempts: 2, onFailure: 'null' }));
      let now = 1;
      await user.advanceOnce(now);
      for (const [index, { what, after }] of all.entries()) {
        now += after;
        const [call] = user.runs.filter(({ status }) => status === 'active');
        if (what === 'answer' && call) user.answerCall({ runId: call.id, journey: call.journey, step: 'coupon' }, now);
        if (what === 'fail' && call) user.failCall(now, 1);
        if (what === 'edit') user.definitions = versions[index % 2] ?? user.definitions;
        await user.advanceOnce(now);
      }
      await user.advanceOnce(now + 4 * HOUR);
      expect(user.runs).toMatchObject([{ status: 'completed', journal: [{ step: 'coupon' }, { kind: 'send' }] }]);
      expect([...user.messages.values()]).toHaveLength(1);
    }),
  );
});

describe('explore', () => {
  const outcomes = async (options: CallOptions<Coupon>): Promise<string[]> => {
    const one = withCoupon(failing(9).work, options);
    const { tree } = await explore(one, { with: unrestrained });
    return [...JSON.stringify(tree).matchAll(/"(no code|code \w+)"/g)].map(([, name = '']) => name);
  };

  it('follows each example of the answer, and null if the call can fail', async () => {
    const found = await outcomes({ attempts: 2, onFailure: 'null', examples: [{ code: 'A' }, { code: 'B' }] });
    expect(new Set(found)).toEqual(new Set(['code A', 'code B', 'no code']));
  });

  it('does not follow null if the call parks its run instead', async () => {
    expect(new Set(await outcomes({ attempts: 2, examples: [{ code: 'A' }] }))).toEqual(new Set(['code A']));
  });
});

it.each([
  [Object.assign(new Error('x'), { code: 'ETIMEDOUT' }), 'ETIMEDOUT'],
  [Object.assign(new Error('x'), { status: 503 }), '503'],
  [new TypeError('fetch failed', { cause: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) }), 'ECONNREFUSED'],
  [new RangeError('x'), 'RangeError'],
  [Object.assign(new Error('x'), { code: 'ada@example.com' }), 'Error'],
  [Object.assign(new Error('x'), { code: '4930123456' }), 'Error'],
  ['ada@example.com', 'Error'],
])('the code of %p is %s', (error, code) => {
  expect(codeOf(error)).toBe(code);
});
