import { z } from 'zod';
import { projectCreated, signedUp, teammateInvited } from '../testing/properties/catalogue';
import { allOf, answered, event, journey, policy } from '../index';
import type { CheckTemplate } from '../definitions/template-use';
import { traveller } from '../testing/traveller';
import type { OccurrenceOf } from '../authoring/event';
import type { JourneyOptions, Steps } from '../authoring/journey';
import { explore } from './index';
import type { Exploration, TreeWay } from './index';

type SignedUp = Steps<OccurrenceOf<typeof signedUp>>;

function explored(
  run: (j: SignedUp) => Promise<void>,
  options: Partial<JourneyOptions<typeof signedUp>> = {},
  more: Parameters<typeof explore>[1] = {},
): Promise<Exploration> {
  return explore(journey('explored', { enter: signedUp, ...options }, run), more);
}

/** The outcomes of a step that some path takes. */
function outcomesOf(step: string, ways: readonly TreeWay[]): string[] {
  const found = ways.flatMap(({ next }): string[] => {
    if ('end' in next) return [];
    const own = next.step === step ? next.ways.map(({ outcome }) => outcome) : [];
    return [...own, ...outcomesOf(step, next.ways)];
  });
  return [...new Set(found)];
}

describe('the answer of a call', () => {
  const couponFor = (): Promise<{ code: string } | null> => Promise.resolve(null);

  it('is each of its examples', async () => {
    const found = await explored(async (j) => {
      const coupon = await j.call('coupon', couponFor, { examples: [{ code: 'A' }, null] });
      if (coupon) await j.send('with a coupon', { email: 'coupon' }, { data: { code: coupon.code } });
      else await j.send('without', { email: 'none' });
    });
    expect(found.defects).toEqual([]);
    expect(outcomesOf('coupon', found.tree)).toEqual(['{"code":"A"}', 'null']);
    expect(found.outline.edges).toContainEqual({ from: 'coupon', to: 'with a coupon', when: '{"code":"A"}' });
  });

  it('is null without examples, and the code behind another answer is a defect that says so', async () => {
    const { defects } = await explored(async (j) => {
      if (await j.call('coupon', couponFor)) await j.send('with a coupon', { email: 'coupon' });
    });
    expect(defects).toMatchObject([{ kind: 'unreached step', step: 'with a coupon' }]);
    expect(defects[0]?.text).toContain("'coupon'");
  });

  it('shows a mistake in the code behind it', async () => {
    const { defects } = await explored(async (j) => {
      const coupon = await j.call('coupon', couponFor, { examples: [null, { code: 'A' }] });
      if (coupon) throw new Error(`no such coupon: ${coupon.code}`);
    });
    expect(defects).toMatchObject([{ kind: 'error', text: 'no such coupon: A' }]);
  });

  it('decides nothing for users', async () => {
    const found = await explored(async (j) => {
      await j.call('coupon', couponFor, { examples: [] });
    });
    expect(found).toMatchObject({ paths: 1, defects: [] });
  });
});

describe('a value of an event', () => {
  const rated = (score: z.ZodType<number, number>) => event('Rated', z.object({ score }), { score: 8 });

  const followUp = async (j: Steps<OccurrenceOf<ReturnType<typeof rated>>>): Promise<void> => {
    const { score } = j.event.properties;
    if (score >= 9) await j.send('rate us', { email: 'rate-us' });
    else if (score <= 6) await j.send('sorry', { email: 'sorry' });
    else await j.send('thanks', { email: 'thanks' });
  };

  it.each([
    ['of a scale', z.int().min(0).max(10)],
    ['without bounds, by what the code compares it with', z.number()],
  ])('may be a number %s', async (_, score) => {
    const found = await explore(journey('rating', { enter: rated(score) }, followUp));
    expect(found.defects).toEqual([]);
    expect(found.paths).toBe(3);
  });

  it('may be a number that is compared with a constant from elsewhere', async () => {
    const found = await explore(
      journey('rating', { enter: rated(z.int().min(0).max(10)) }, async (j) => {
        if (j.event.properties.score <= DETRACTOR) await j.send('sorry', { email: 'sorry' });
      }),
    );
    expect(found).toMatchObject({ defects: [], paths: 2 });
  });

  it('may be an empty list, and a list as long as the code asks', async () => {
    const items = z.array(z.object({ name: z.string() }));
    const carted = event('Carted', z.object({ cart: z.object({ items }) }), { cart: { items: [{ name: 'Engine' }] } });
    const found = await explore(
      journey('cart', { enter: carted }, async (j) => {
        const { length } = j.event.properties.cart.items;
        if (length === 0) return j.exit('empty');
        if (length > 2) await j.award('many', { points: 1 });
      }),
    );
    expect(found).toMatchObject({ defects: [], paths: 3 });
  });

  it('may be a text that the code compares with', async () => {
    const paid = event('Paid', z.object({ plan: z.string() }), { plan: 'free' });
    const found = await explore(
      journey('plans', { enter: paid }, async (j) => {
        if (['pro', 'team'].includes(j.event.properties.plan)) await j.award('paying', { points: 1 });
        switch (j.event.properties.plan) {
          case 'team':
            await j.award('team', { points: 1 });
        }
      }),
    );
    expect(found).toMatchObject({ defects: [], paths: 3 });
  });

  it('may be a text that the code reads as a number', async () => {
    const { defects } = await explored(async (j) => {
      await j.send('stars', { inApp: 'stars' });
      const answer = await j.waitFor('answer', answered.where({ step: 'stars' }), { within: '7 days' });
      if (answer && Number(answer.properties.value) <= 2) await j.award('ticket', { badge: 'ticket' });
    });
    expect(defects).toEqual([]);
  });

  it('adds no path if the code does the same', async () => {
    const found = await explore(
      journey('noted', { enter: rated(z.int().min(0).max(10)) }, async (j) => {
        await j.set('score', { score: j.event.properties.score });
      }),
    );
    expect(found.paths).toBe(1);
  });

  it('shows a mistake that only one value of a scale leads to', async () => {
    const { defects } = await explore(
      journey('rating', { enter: rated(z.int().min(0).max(10)) }, async (j) => {
        await j.sleep('a day', '1 day');
        if (j.event.properties.score === 3) throw new Error('three');
      }),
    );
    expect(defects).toMatchObject([{ kind: 'error', text: 'three' }]);
  });
});

const isOdd = ({ kind, score }: { kind: string; score: number }): boolean => kind === 'odd' && score === 7;

describe('several values of an event together', () => {
  const properties = z.object({ kind: z.string(), score: z.number() });
  const start = { kind: 'a', score: 50 };
  const run = async (j: Steps<OccurrenceOf<typeof scored>>): Promise<void> => {
    const { kind, score } = j.event.properties;
    if (kind === 'b' && score > 90) await j.sleep('A', '1 day');
    else if (kind === 'c' && score < 10) await j.sleep('B', '1 day');
  };
  const scored = event('Scored', properties, start);

  it('lead to steps that none of them leads to alone', async () => {
    const found = await explore(journey('scores', { enter: scored }, run));
    expect(found).toMatchObject({ defects: [], paths: 3 });
  });

  it('are tried at a wait, too, also yes and no', async () => {
    const reviewed = event('Reviewed', z.object({ stars: z.number(), isPublic: z.boolean() }), {
      stars: 3,
      isPublic: false,
    });
    const { defects } = await explored(async (j) => {
      const review = await j.waitFor('review', reviewed, { within: '1 day' });
      if (review?.properties.isPublic && review.properties.stars >= 5) await j.award('fan', { points: 1 });
    });
    expect(defects).toEqual([]);
  });

  it('add no path where each of them leads to the same steps alone', async () => {
    const found = await explore(
      journey('scores', { enter: scored }, async (j) => {
        if (j.event.properties.kind === 'b') await j.award('kind', { points: 1 });
        if (j.event.properties.score > 90) await j.award('score', { points: 1 });
      }),
    );
    expect(found).toMatchObject({ defects: [], paths: 3 });
  });

  const byHelper = async (j: Steps<OccurrenceOf<typeof scored>>): Promise<void> => {
    if (isOdd(j.event.properties)) await j.send('odd', { email: 'odd' });
  };

  it('are what the event declares, which shows defects of code that compares elsewhere', async () => {
    const declared = event('Scored', properties, start, { examples: [{ kind: 'odd', score: 7 }] });
    expect((await explore(journey('odd', { enter: scored }, byHelper))).defects).toMatchObject([{ step: 'odd' }]);
    const found = await explore(journey('odd', { enter: declared }, byHelper), {
      checkTemplate: ({ name }) => [`there is no ${name}`],
    });
    expect(found.defects).toMatchObject([{ kind: 'template', step: 'odd' }]);
    expect(found.tree.map(({ outcome }) => outcome)).toContain('Scored, kind: "odd", score: 7');
  });

  it('may be declared for a narrowed event, of which they show it to be possible', async () => {
    const declared = event('Scored', properties, start, { examples: [{ kind: 'odd', score: 7 }] });
    const odd = declared.where(({ properties: found }) => isOdd(found));
    const { defects } = await explored(async (j) => {
      await j.waitFor('odd', odd, { within: '1 day' });
    });
    expect(defects).toEqual([]);
  });

  it('have to pass the schema', () => {
    expect(() => event('Scored', properties, start, { examples: [{ kind: 'b' }] })).toThrow(
      "The example of event 'Scored' does not pass its schema",
    );
  });
});

it('a list or a text of an event may have what the code looks for in it', async () => {
  const tagged = event('Tagged', z.object({ tags: z.array(z.string()), text: z.string() }), { tags: [], text: 'y' });
  const found = await explore(
    journey('tags', { enter: tagged }, async (j) => {
      if (j.event.properties.tags.includes('vip')) await j.award('vip', { points: 1 });
      if (j.event.properties.text.startsWith('x')) await j.award('x', { points: 1 });
    }),
  );
  expect(found).toMatchObject({ defects: [], paths: 3 });
});

const DETRACTOR = 6;

describe('a value that is picked', () => {
  const MISSING: CheckTemplate = ({ name }) => (name === 'general' ? ['there is no such template'] : []);
  const byPick = (pick: (j: SignedUp) => Promise<string>): Promise<Exploration> =>
    explored(
      async (j) => {
        await j.send('prompt', { email: await pick(j) });
      },
      {},
      { checkTemplate: MISSING },
    );

  it.each<[string, (j: SignedUp) => Promise<string>]>([
    ['written in the code', (j) => j.pick('tone', ({ user }) => (user.points > 99 ? 'general' : 'streaker'))],
    [
      'found by other facts',
      (j) => j.pick('tone', ({ user }) => TONES[user.points >= 7 && user.stage === 'new' ? 1 : 0]),
    ],
    ['found by another trait', (j) => j.pick('tone', ({ user }) => TONES[user.traits['plan'] === 'pro' ? 1 : 0])],
    ['declared', (j) => j.pick('tone', () => TONES[0], { among: TONES })],
  ])('names a template that is checked if it is %s', async (_, pick) => {
    const { defects } = await byPick(pick);
    expect(defects.filter(({ text }) => text.includes('no such template'))).toMatchObject([{ step: 'prompt' }]);
  });

  it('names no template of which nobody knows whether it exists', async () => {
    const { defects } = await byPick((j) => j.pick('tone', ({ user }) => toneOf(user.id)));
    expect(defects).toMatchObject([{ kind: 'template', step: 'prompt', channel: 'email' }]);
    expect(defects[0]?.text).toContain('among');
    expect(
      (await byPick((j) => j.pick('tone', ({ user }) => toneOf(user.id), { among: ['streaker'] }))).defects,
    ).toEqual([]);
  });

  it('leads to each way of the code, without mistakes that only impossible facts show', async () => {
    const found = await explored(
      async (j) => {
        const size = await j.pick('size', ({ user }) => (user.traits['seats'] as number).toFixed(0).length);
        if (size > 1) await j.award('large', { points: 1 });
      },
      {},
      { with: { traits: { seats: 3 } } },
    );
    expect(found.defects).toEqual([]);
  });

  it('may be a long one that begins like another one declared', async () => {
    const offers = [20, 10].map((percent) => ({ text: 'An offer for all who have been with us long', percent }));
    const ada = traveller(
      journey('offers', { enter: signedUp }, async (j) => {
        await j.pick('offer', () => offers[1] ?? null, { among: offers });
      }),
    );
    await ada.track(signedUp, { plan: 'free' });
    expect(ada.runs).toMatchObject([{ status: 'completed' }]);
  });

  it('leads to the way of each value, also of long ones that begin alike', async () => {
    const found = await explored(async (j) => {
      const { isGrown } = await j.pick('company', ({ user }) => ({
        about: 'A text of more than forty characters',
        isGrown: Number(user.traits['seats'] ?? 0) > 50,
      }));
      if (isGrown) await j.award('large', { points: 1 });
      else await j.award('small', { points: 1 });
    });
    expect(found.defects).toEqual([]);
    expect(found.paths).toBe(2);
  });

  it('is an error outside of those declared', async () => {
    const ada = traveller(
      journey('tones', { enter: signedUp }, async (j) => {
        await j.pick('tone', ({ user }) => toneOf(user.id), { among: ['general'] });
      }),
    );
    await ada.track(signedUp, { plan: 'free' });
    expect(ada.runs).toMatchObject([{ status: 'failed', failure: { step: 'tone' } }]);
    expect(ada.runs[0]?.reason).not.toContain('streaker');
  });
});

const TONES = ['streaker', 'general'] as const;
const toneOf = (id: string): 'streaker' | 'general' => (id === '' ? 'general' : 'streaker');

describe('the reason of a message that is not sent', () => {
  it('is each one that the policy has, where the code reads it', async () => {
    const found = await explored(
      async (j) => {
        const { status, reason } = await j.send('word', { email: 'word' });
        if (reason === 'no consent') return j.exit('refused');
        if (reason === 'capped: email 1 a day') await j.award('patience', { points: 1 });
        if (status === 'sent') await j.waitFor('answer', projectCreated, { within: '1 day' });
      },
      {},
      { with: { policy: policy({ caps: { email: { day: 1, week: 3 } } }) } },
    );
    expect(found.defects).toEqual([]);
    expect(outcomesOf('word', found.tree)).toEqual(
      expect.arrayContaining(['sent', 'no consent', 'capped: email 1 a day']),
    );
  });

  it('shows events that are only awaited after it', async () => {
    const { awaits } = await explored(async (j) => {
      if ((await j.send('word', { email: 'word' })).reason !== 'no consent') return;
      await j.waitFor('project', projectCreated, { within: '1 day' });
    });
    expect(awaits).toEqual(['Project Created']);
  });
});

describe('what explore makes up', () => {
  const answers: Readonly<Record<string, (j: SignedUp) => Promise<boolean>>> = {
    'a collection with nothing in it': async (j) =>
      (await j.collect('l', projectCreated, { for: '1 hour', within: '1 day' })).length === 0,
    'a collection that is gone through': async (j) => {
      for (const _ of await j.collect('l', projectCreated, { for: '1 hour' })) return true;
      return false;
    },
    'a large collection': async (j) => (await j.collect('l', projectCreated, { for: '1 hour' })).length > 10,
    'what is in a collection': async (j) =>
      (await j.collect('l', projectCreated, { for: '1 hour', within: '1 day' }))[0]?.name === 'Project Created',
    'several events': async (j) => (await j.waitFor('w', projectCreated, { times: 3, within: '1 day' }))?.length === 3,
    'an event of each sort': async (j) =>
      (await j.waitFor('w', allOf(projectCreated, teammateInvited), { within: '1 day' }))?.[1].name ===
      'Teammate Invited',
    'a time that is past': (j) => j.sleepUntil('s', new Date('2020-01-01T00:00:00Z'), { ifPast: 'skip' }),
    'the reason of a message': async (j) => (await j.send('m', { email: 'm' })).reason === 'unreachable',
    'a message with a fallback': async (j) =>
      (await j.send('m', { email: 'm', inApp: 'm' }, { fallback: { unless: 'opened', after: '1 day' } })).channel ===
      'inApp',
    'a journey that is started': async (j) => (await j.start('other', 'other')).entered,
    'a question': async (j) =>
      (await j.ask(
        'q',
        {
          text: 'Well?',
          choices: [
            { value: 'yes', label: 'Yes' },
            { value: 'no', label: 'No' },
          ],
        },
        { within: '1 day' },
      )) === 'yes',
    'a variant': async (j) => (await j.experiment('e', { a: 1, b: 1 })) === 'a',
    'a value': async (j) => (await j.pick('p', ({ user }) => (user.stage === 'new' ? 1 : 2))) === 1,
  };

  it.each(Object.entries(answers))(
    '%s decides the path, and the same path calls the same steps again',
    async (_, branch) => {
      const { defects } = await explored(async (j) => {
        if (await branch(j)) await j.sleep('x', '1 day');
        else await j.sleep('y', '1 day');
      });
      expect(defects.filter(({ kind }) => kind === 'nondeterminism' || kind === 'error')).toEqual([]);
    },
  );
});
