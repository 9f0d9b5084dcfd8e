import { exampleTriggers, milestone, stage } from '../user/triggers';
import { orderPlaced, projectCreated, signedUp, teammateInvited } from '../testing/properties/catalogue';
import { anyOf } from '../authoring/event';
import { journey } from '../authoring/journey';
import { outline } from './outline';

const onboarding = journey('onboarding', { enter: signedUp }, async (j) => {
  await j.send('welcome', { email: 'welcome' }, { data: { plan: j.event.properties.plan } });
  const project = await j.waitFor('first project', projectCreated, { within: '2 days' });
  if (!project) {
    const tone = await j.experiment('tone', { friendly: 1, brief: 1 });
    await j.send('nudge', { webPush: `nudge-${tone}` });
  } else if (await j.check('on a free plan', ({ user }) => user.traits['plan'] === 'free')) {
    await j.exit('done');
  }
  await j.award('points', { points: 5, badge: 'builder' });
});

it('has every step of every path, with its text for diagrams', async () => {
  const { steps, paths, truncated, errors } = await outline(onboarding);
  expect(steps.map(({ step, kind, text }) => [step, kind, text])).toEqual([
    ['welcome', 'send', 'welcome'],
    ['first project', 'waitFor', '2 days'],
    ['on a free plan', 'check', ''],
    ['done', 'exit', 'done'],
    ['points', 'award', '5, builder'],
    ['tone', 'experiment', 'friendly, brief'],
    ['nudge', 'send', 'nudge-friendly'],
  ]);
  expect({ paths, truncated, errors }).toEqual({ paths: 4, truncated: false, errors: [] });
});

it('has every way from step to step, with the outcome that leads there', async () => {
  const { edges } = await outline(onboarding);
  expect(edges).toEqual(
    expect.arrayContaining([
      { from: null, to: 'welcome', when: '' },
      { from: 'first project', to: 'on a free plan', when: 'Project Created' },
      { from: 'first project', to: 'tone', when: 'timeout' },
      { from: 'on a free plan', to: 'done', when: 'yes' },
      { from: 'on a free plan', to: 'points', when: 'no' },
      { from: 'tone', to: 'nudge', when: 'brief' },
      { from: 'done', to: null, when: '' },
      { from: 'points', to: null, when: '' },
    ]),
  );
});

it('has the events that a journey can wait for', async () => {
  const waiting = journey('waiting', { enter: signedUp }, async (j) => {
    const first = await j.waitFor('either', anyOf(projectCreated, teammateInvited));
    if (first?.name === 'Teammate Invited') await j.waitFor('an order', orderPlaced, { within: '1 day' });
  });
  expect((await outline(waiting)).awaits).toEqual(['Project Created', 'Teammate Invited', 'Order Placed']);
});

it('walks both outcomes of a send only if the code reads the status', async () => {
  const blind = journey('blind', { enter: signedUp }, async (j) => {
    await j.send('mail', { email: 'mail' });
  });
  const looking = journey('looking', { enter: signedUp }, async (j) => {
    if ((await j.send('mail', { email: 'mail' })).status === 'suppressed') await j.award('sorry', { points: 1 });
  });
  expect((await outline(blind)).paths).toBe(1);
  expect((await outline(looking)).edges).toContainEqual({ from: 'mail', to: 'sorry', when: 'suppressed' });
});

it('gives a pick the example traits and what it is written with, and a call the answer null', async () => {
  const seen: unknown[] = [];
  const picking = journey('picking', { enter: signedUp }, async (j) => {
    seen.push(await j.pick('plan', ({ user }) => user.traits['plan'] ?? 'none'));
    seen.push(await j.call('elsewhere', () => Promise.resolve(1)));
  });
  await outline(picking, { plan: 'pro' });
  expect(seen).toEqual(['pro', null, 'none', null]);
});

describe('steps behind values that a pick has for other people', () => {
  const ordering = journey('ordering', { enter: signedUp }, async (j) => {
    const tone = await j.pick('tone', ({ user }) => (user.traits['plan'] === 'pro' ? 'formal' : 'plain'));
    const orders = await j.pick('orders', ({ did }) => did(orderPlaced).count());
    const plan = await j.pick('plan', ({ user }) => user.traits['plan'] ?? 'none');
    await j.send('hello', { email: `hello-${tone}` });
    if (orders >= 3) {
      await j.send('thanks', { email: 'thanks' });
      if (plan === 'none') await j.send('offer', { email: 'offer' });
    }
  });

  it('are found, with their messages and the values that lead there', async () => {
    const sent: unknown[] = [];
    const { steps, edges, errors, truncated } = await outline(ordering, { plan: 'pro' }, (step, _, answers) => {
      if (step === 'offer') sent.push(answers());
    });
    expect(steps.map(({ step }) => step)).toEqual(['tone', 'orders', 'plan', 'hello', 'thanks', 'offer']);
    expect(edges).toContainEqual({ from: 'orders', to: 'plan', when: '1000000' });
    expect(edges).toContainEqual({ from: 'plan', to: 'hello', when: '"none"' });
    expect(sent).toContainEqual(expect.objectContaining({ orders: 1_000_000, plan: 'none' }));
    expect({ errors, truncated }).toEqual({ errors: [], truncated: false });
  });

  it('are found among values for which the code fails', async () => {
    const strict = journey('strict', { enter: signedUp }, async (j) => {
      const plan = await j.pick('plan', ({ user }) => user.traits['plan'] ?? null);
      if (typeof plan !== 'string' || plan.toUpperCase() !== 'PRO') throw new Error('There is no such plan.');
      const orders = await j.pick('orders', ({ did }) => did(orderPlaced).count());
      if (orders > 0) await j.award('again', { points: 1 });
    });
    const { steps, edges, errors } = await outline(strict, { plan: 'pro' });
    expect(steps.map(({ step }) => step)).toEqual(['plan', 'orders', 'again']);
    expect(edges).not.toContainEqual(expect.objectContaining({ from: 'plan', when: 'null' }));
    expect(errors).toEqual([]);
  });

  it('are not looked for where every step is known already', async () => {
    const whole = journey('whole', { enter: signedUp }, async (j) => {
      const orders = await j.pick('orders', ({ did }) => did(orderPlaced).count());
      await j.send('hello', { email: 'hello' }, { data: { orders } });
    });
    expect(await outline(whole)).toMatchObject({ paths: 1, edges: [{ to: 'orders' }, { when: '' }, { to: null }] });
  });
});

it('is marked as truncated when there are too many paths, or a path is too long', async () => {
  const wide = journey('wide', { enter: signedUp }, async (j) => {
    for (let index = 0; index < 12; index++) await j.check(`check ${index}`, () => true);
  });
  const long = journey('long', { enter: signedUp }, async (j) => {
    for (let index = 0; ; index++) await j.sleep(`day ${index}`, '1 day');
  });
  expect(await outline(wide)).toMatchObject({ truncated: true });
  expect(await outline(long)).toMatchObject({ truncated: true, errors: [] });
});

it.each([30, Infinity])(
  'has each outcome of each round of a loop of %s rounds, and walks few steps for it',
  async (rounds) => {
    let walked = 0;
    const course = journey('course', { enter: signedUp }, async (j) => {
      for (let round = 1; round <= rounds; round++) {
        walked++;
        await j.pick(`hour ${round}`, ({ user }) => (user.traits['early'] === true ? '07:00' : '10:00'));
        await j.send(`lesson ${round}`, { email: 'lesson' });
        if (await j.waitFor(`opened ${round}`, projectCreated, { within: '2 days' })) continue;
        await j.send(`nudge ${round}`, { email: 'nudge' });
      }
    });
    const { edges, truncated } = await outline(course);
    expect(truncated).toBe(true);
    for (const round of [1, 2, 15, 30]) {
      const opened = `opened ${round}`;
      expect(edges).toContainEqual({ from: opened, to: `nudge ${round}`, when: 'timeout' });
      expect(edges).toContainEqual(expect.objectContaining({ from: opened, when: 'Project Created' }));
    }
    expect(walked).toBeLessThan(12_000);
  },
);

it('reports an exception of the code with the last step before it', async () => {
  const throwing = journey('throwing', { enter: signedUp }, async (j) => {
    await j.award('first', { points: 1 });
    throw new Error('oh no');
  });
  expect((await outline(throwing)).errors).toEqual([{ step: 'first', message: 'oh no' }]);
});

it('the example of a trigger has the example properties of the catalogue', () => {
  const byMilestone = journey('by-milestone', { enter: milestone(projectCreated, [10, 3]) }, () => Promise.resolve());
  const byStage = journey('by-stage', { enter: stage('dormant') }, () => Promise.resolve());
  expect(exampleTriggers(onboarding)).toMatchObject([['', { name: 'Signed Up', properties: { plan: 'free' } }]]);
  expect(exampleTriggers(byMilestone)[0]).toMatchObject(['count 3', { properties: { name: 'Engine', count: 3 } }]);
  expect(exampleTriggers(byStage)).toMatchObject([['', { name: 'stage', properties: {} }]]);
});

it('lets other work run in between, because servers outline stored journeys while they serve requests', async () => {
  const wide = journey('wide', { enter: signedUp }, async (j) => {
    for (let index = 0; index < 10; index++) await j.check(`check ${index}`, () => true);
  });
  let turns = 0;
  let walking = true;
  const others = (): void => {
    turns++;
    if (walking) setImmediate(others);
  };
  others();
  await outline(wide);
  walking = false;
  expect(turns).toBeGreaterThan(100);
});
