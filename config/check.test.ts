import { compile } from '../engine/outline/compile';
import { manual, stage } from '../engine/user/triggers';
import { join } from 'node:path';
import { z } from 'zod';
import { checkTemplate } from '../activities/templates/check';
import { loadTemplates } from '../activities/templates/load';
import { event, flags, journey, lifecycle, policy, sms, twilioSms, type Journey } from '../engine';

import type { TemplateUse } from '../engine/definitions/template-use';
import { checkDefinitions, checkStored, unknownStarts } from './check';
import { loadDefinitions } from './definitions';

const JOURNEYS = join(__dirname, '..', 'journeys');
const stages = lifecycle({ initial: 'new', rules: [{ from: ['new'], to: 'quiet', inactive: '2 days' }] });

const definitionsOf = (journeys: readonly Journey[]) =>
  compile({ journeys, lifecycle: stages, policy: policy(), traits: { firstName: 'Ada' } });

/** Checks a journey and collects how it uses templates. */
async function usesOf(checked: Journey): Promise<TemplateUse[]> {
  const uses: TemplateUse[] = [];
  await checkDefinitions(await definitionsOf([checked]), (use) => {
    uses.push(use);
    return [];
  });
  return uses;
}

test('the journeys that ship have no problems', async () => {
  const templates = await loadTemplates(JOURNEYS);
  const problems = await checkDefinitions(await loadDefinitions(JOURNEYS), (use) => checkTemplate(templates, use));
  expect(problems).toEqual([]);
});

test('an unknown template is a problem that names the journey and the step', async () => {
  const templates = await loadTemplates(JOURNEYS);
  const lost = journey('onboarding', { enter: manual() }, async (j) => {
    await j.send('hello', { email: 'no-such-mail' });
  });
  const problems = await checkDefinitions(await definitionsOf([lost]), (use) => checkTemplate(templates, use));
  expect(problems).toEqual([
    expect.stringContaining(
      "onboarding, step 'hello': email template 'no-such-mail': there is no templates/no-such-mail.email.mjml",
    ),
  ]);
});

const reset = event(
  'Reset Requested',
  z.looseObject({ link: z.string(), request: z.string() }),
  { link: 'https://example.com/reset/abc', request: 'R-1' },
  { forget: { link: '1 hour' } },
);

test('what an event forgets, a template reads by the data of its message only', async () => {
  const [use] = await usesOf(
    journey('reset', { enter: reset }, async (j) => {
      await j.send('link', { email: 'link' }, { data: { link: j.event.properties.link } });
    }),
  );
  expect(use?.context.event.properties).toEqual({ request: 'R-1' });
  expect(use?.context.data).toEqual({ link: 'https://example.com/reset/abc' });
});

test('a key that is made of what an event forgets is a problem', async () => {
  const keyed = (name: string): Journey =>
    journey('reset', { enter: reset, key: ({ properties }) => properties[name] as string }, async () => undefined);
  const problems = async (one: Journey) => checkDefinitions(await definitionsOf([one]), () => []);
  expect(await problems(keyed('link'))).toEqual([
    "reset: the key is made of a property that 'Reset Requested' forgets",
  ]);
  expect(await problems(keyed('request'))).toEqual([]);
});

test('a template is checked with the traits, the entering event and the data of its step', async () => {
  const paid = event('Paid', z.object({ amount: z.number() }), { amount: 7 });
  const uses = await usesOf(
    journey('receipts', { enter: paid }, async (j) => {
      await j.send('receipt', { email: 'receipt' }, { data: { currency: 'EUR' } });
    }),
  );
  expect(uses).toMatchObject([
    {
      journey: 'receipts',
      step: 'receipt',
      channel: 'email',
      name: 'receipt',
      context: {
        user: { traits: { firstName: 'Ada' }, stage: 'new' },
        event: { name: 'Paid', properties: { amount: 7 } },
        data: { currency: 'EUR' },
      },
    },
  ]);
});

test('templates are checked on every path: each variant, each fallback channel, both answers of a check', async () => {
  const uses = await usesOf(
    journey('paths', { enter: manual() }, async (j) => {
      const tone = await j.experiment('tone', { warm: 1, cool: 1 });
      await j.send('hello', { webPush: `push-${tone}`, email: `mail-${tone}` });
      const { status } = await j.send('more', { inApp: 'more' });
      if (status === 'suppressed') await j.send('instead', { email: 'instead' });
      if (await j.check('free', ({ user }) => user.traits['plan'] === 'free'))
        await j.send('upgrade', { email: 'upgrade' });
    }),
  );
  expect(uses.map(({ name }) => name).sort()).toEqual([
    'instead',
    'mail-cool',
    'mail-warm',
    'more',
    'push-cool',
    'push-warm',
    'upgrade',
  ]);
});

test('wrong calls of steps are found on every path, and all are listed', async () => {
  const twice = journey('twice', { enter: manual() }, async (j) => {
    await j.sleep('a day', '1 day');
    if (await j.check('more', () => true)) await j.sleep('a day', '2 days');
  });
  const torn = journey('torn', { enter: manual() }, async (j) => {
    await Promise.all([j.sleep('a', '1 day'), j.sleep('b', '1 day')]);
  });
  const problems = await checkDefinitions(await definitionsOf([twice, torn]), () => []);
  expect(problems).toEqual([
    "twice, step 'a day': Two steps are named 'a day': names are unique within a journey.",
    "torn, step 'b': Steps 'a' and 'b' overlap: await each step before the next.",
  ]);
});

test('a journey entered at a stage that no rule leads to is a problem', async () => {
  const reached = journey('reached', { enter: stage('quiet') }, async () => {});
  const mistyped = journey('mistyped', { enter: stage('quite') }, async () => {});
  expect(await checkDefinitions(await definitionsOf([reached, mistyped]), () => [])).toEqual([
    "mistyped: no rule of the lifecycle leads to the stage 'quite'",
  ]);
});

test('an edit that would move users to a missing step is a problem', async () => {
  const moved = journey('moved', { enter: manual(), onEdit: { from: 'a week', to: 'goodbye' } }, async (j) => {
    await j.sleep('two weeks', '14 days');
  });
  expect(await checkDefinitions(await definitionsOf([moved]), () => [])).toEqual([
    "moved, onEdit: there is no step 'goodbye' to move users to from 'a week'",
  ]);
});

test('an edit may move users to a step whose name is filled in at run time', async () => {
  const daily = journey('daily', { enter: manual(), onEdit: { from: 'a week', to: 'day 9' } }, async (j) => {
    for (const day of [1, 2]) await j.sleep(`day ${day}`, '1 day');
  });
  expect(await checkDefinitions(await definitionsOf([daily]), () => [])).toEqual([]);
});

test('a message without a channel is a problem that names the journey and the step', async () => {
  const silent = journey('silent', { enter: manual() }, async (j) => {
    await j.send('hello', {});
  });
  expect(await checkDefinitions(await definitionsOf([silent]), () => [])).toEqual([
    "silent, step 'hello': the message has no channel. Expected a template for one at least, such as { email: 'hello' }.",
  ]);
});

test('a step that sends by a channel of which no file says how is a problem, with the file to write', async () => {
  const alarm = journey('alarm', { enter: manual() }, async (j) => {
    await j.send('call', { sms: 'alarm', fax: 'alarm', email: 'alarm', webPush: 'alarm', inApp: 'alarm' });
  });
  const definitions = await definitionsOf([alarm]);
  const written = (channel: string, example: string): string =>
    `alarm, step 'call' sends by ${channel}, but no file channels/${channel} says how. Write channels/${channel}.ts beside the journeys, with \`export default ${example}\`, or send by another channel`;
  expect(await checkDefinitions({ ...definitions, setups: [] }, () => [])).toEqual([
    written('sms', 'sms({ providers: [twilioSms()] })'),
    written('fax', "channel('fax', { … })"),
  ]);
});

test('a stored journey that sends by such a channel has the same problem, and goes on running', async () => {
  const alarm = journey('alarm', { enter: manual() }, async (j) => {
    await j.send('call', { sms: 'alarm', email: 'alarm' });
  });
  const definitions = await definitionsOf([alarm]);
  expect(await checkStored({ ...definitions, setups: [] }, alarm, () => [])).toEqual([
    expect.stringMatching(/^alarm, step 'call' sends by sms, but no file channels\/sms says how/),
  ]);
  expect(await checkStored({ ...definitions, setups: [sms({ providers: [twilioSms()] })] }, alarm, () => [])).toEqual(
    [],
  );
});

test('the same mistake in two steps is two problems', async () => {
  const hasty = journey('hasty', { enter: manual() }, async (j) => {
    const soon = 'soon' as '1 day';
    if (await j.check('first', () => true)) await j.sleep('a', soon);
    else await j.sleep('b', soon);
  });
  expect(await checkDefinitions(await definitionsOf([hasty]), () => [])).toEqual([
    expect.stringContaining("hasty, step 'a': Not a duration: 'soon'"),
    expect.stringContaining("hasty, step 'b': Not a duration: 'soon'"),
  ]);
});

test('a start of a journey that is neither in code nor published is named, and the journey can run', async () => {
  const starting = journey('starting', { enter: manual() }, async (j) => {
    await j.start('course', 'coruse');
  });
  const definitions = await definitionsOf([starting]);
  expect(await checkDefinitions(definitions, () => [])).toEqual([]);
  expect(unknownStarts(definitions, 'starting').map(({ text }) => text)).toEqual([
    "starting, step 'course': there is no journey 'coruse' to start",
  ]);
});

test('a flag for a stage to which no rule of the lifecycle leads is a problem that names the flag', async () => {
  const rules = [{ when: { stage: 'quite' }, value: true }];
  const checked = { ...(await definitionsOf([])), flags: flags({ tour: { default: false, rules } }) };
  expect(await checkDefinitions(checked, () => [])).toEqual([
    "flag 'tour', rules[0]: no rule of the lifecycle leads to the stage 'quite'",
  ]);
});
