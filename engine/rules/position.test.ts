import { projectCreated, signedUp, teammateInvited, unrestrained } from '../testing/properties/catalogue';
import { mail, sent, signUp, trial, type Step } from '../testing/properties/trial';
import { journey, type Journey, type JourneyOptions } from '../authoring/journey';
import { policy } from '../policy/define';
import { traveller } from '../testing/traveller';

/**
 * Rule 2: the user's position is the last step they entered that the code still has. New steps behind the position are skipped,
 * new steps ahead of it run, removed steps are ignored, and a wait keeps its start.
 */

const week: Step = (j) => j.sleep('a week', '7 days');
const project: Step = (j) => j.waitFor('a project', projectCreated, { within: '2 days' });

it('a new step behind the position is skipped', async () => {
  const ada = await signUp(mail('welcome'), week, mail('bye'));
  await ada.deploy(trial(mail('welcome'), mail('new'), week, mail('bye')));
  await ada.forward('8 days');
  expect(sent(ada)).toEqual(['welcome', 'bye']);
  expect(ada.why('new')).toBe(
    `'new' skipped: behind the position {"status":"skipped","channel":null,"reason":"behind the position"}`,
  );
});

it('a new step ahead of the position runs', async () => {
  const ada = await signUp(mail('welcome'), week, mail('bye'));
  await ada.deploy(trial(mail('welcome'), week, mail('new'), mail('bye')));
  await ada.forward('8 days');
  expect(sent(ada)).toEqual(['welcome', 'new', 'bye']);
});

it('steps behind the position stay behind it through several edits', async () => {
  const ada = await signUp(mail('welcome'), week, mail('bye'));
  await ada.deploy(trial(mail('welcome'), mail('one'), week, mail('bye')));
  await ada.deploy(trial(mail('welcome'), mail('one'), mail('two'), week, mail('bye')));
  await ada.deploy(trial(mail('zero'), mail('welcome'), mail('one'), mail('two'), week, mail('bye')));
  expect(ada.journal.map(({ step }) => step)).toEqual(['welcome', 'one', 'two', 'zero', 'a week']);
  await ada.forward('8 days');
  expect(sent(ada)).toEqual(['welcome', 'bye']);
});

it('a removed step is ignored, and is not done again if it comes back', async () => {
  const ada = await signUp(mail('welcome'), week, mail('bye'));
  await ada.deploy(trial(week, mail('bye')));
  await ada.deploy(trial(mail('welcome'), week, mail('bye')));
  await ada.forward('8 days');
  expect(sent(ada)).toEqual(['welcome', 'bye']);
});

it('a user moves on if the step they wait in is removed', async () => {
  const ada = await signUp(mail('welcome'), week, mail('bye'));
  await ada.forward('1 day');
  await ada.deploy(trial(mail('welcome'), mail('bye')));
  expect(sent(ada)).toEqual(['welcome', 'bye']);
  expect(ada.journal[1]).toMatchObject({
    step: 'a week',
    status: 'skipped',
    reason: 'removed from the journey',
    at: ada.now,
  });
  expect(ada.runs).toMatchObject([{ status: 'completed' }]);
});

it('a renamed step behind the position counts as new and is skipped', async () => {
  const ada = await signUp(mail('welcome'), week, mail('bye'));
  await ada.deploy(trial(mail('hello'), week, mail('bye')));
  await ada.forward('8 days');
  expect(sent(ada)).toEqual(['welcome', 'bye']);
});

it('a renamed wait begins again', async () => {
  const ada = await signUp(mail('welcome'), week, mail('bye'));
  await ada.forward('3 days');
  await ada.deploy(trial(mail('welcome'), (j) => j.sleep('seven days', '7 days'), mail('bye')));
  await ada.forward('6 days');
  expect(sent(ada)).toEqual(['welcome']);
  await ada.forward('1 day');
  expect(sent(ada)).toEqual(['welcome', 'bye']);
});

it('a shortened wait that is overdue ends at once', async () => {
  const ada = await signUp(week, mail('bye'));
  await ada.forward('3 days');
  await ada.deploy(trial((j) => j.sleep('a week', '2 days'), mail('bye')));
  expect(ada.messages).toMatchObject([{ step: 'bye', decidedAt: ada.now }]);
});

it('a shortened wait that is not overdue counts from its start', async () => {
  const ada = await signUp(week, mail('bye'));
  await ada.forward('3 days');
  await ada.deploy(trial((j) => j.sleep('a week', '4 days'), mail('bye')));
  await ada.forward('23 hours');
  expect(sent(ada)).toEqual([]);
  await ada.forward('1 hour');
  expect(sent(ada)).toEqual(['bye']);
});

it('a lengthened wait is extended', async () => {
  const ada = await signUp(week, mail('bye'));
  await ada.forward('3 days');
  await ada.deploy(trial((j) => j.sleep('a week', '10 days'), mail('bye')));
  await ada.forward('6 days');
  expect(sent(ada)).toEqual([]);
  await ada.forward('1 day');
  expect(sent(ada)).toEqual(['bye']);
});

it('a wait for an event can be shortened and lengthened in the same way', async () => {
  const ada = await signUp(project);
  await ada.forward('1 day');
  await ada.deploy(trial((j) => j.waitFor('a project', projectCreated, { within: '9 days' })));
  await ada.forward('4 days');
  await ada.track(projectCreated, { name: 'Engine' });
  expect(ada.journal).toMatchObject([{ reason: 'Project Created' }]);

  const bob = await signUp(project);
  await bob.forward('1 day');
  await bob.deploy(trial((j) => j.waitFor('a project', projectCreated, { within: '1 hour' })));
  expect(bob.journal).toMatchObject([{ reason: 'timeout', at: bob.now }]);
});

it('a deadline that an edit sets does not apply to the past: an event from before the edit is in time', async () => {
  const ada = await signUp((j) => j.waitFor('either', teammateInvited, { within: '9 days' }));
  await ada.forward('2 days');
  await ada.track(projectCreated, { name: 'Engine' });
  await ada.forward('1 day');
  await ada.deploy(trial((j) => j.waitFor('either', projectCreated, { within: '1 day' })));
  expect(ada.journal).toMatchObject([{ reason: 'Project Created', at: ada.now }]);
});

it('a skipped check is evaluated and its facts are recorded; a skipped wait or call returns null', async () => {
  const ada = traveller(trial(week), { traits: { plan: 'free' }, with: unrestrained });
  await ada.track(signedUp, { plan: 'free' });
  const answers: unknown[] = [];
  await ada.deploy(
    trial(
      async (j) => answers.push(await j.check('on a free plan', ({ user }) => user.traits['plan'] === 'free')),
      async (j) => answers.push(await j.pick('plan', ({ user }) => user.traits['plan'] ?? '')),
      async (j) => answers.push(await j.waitFor('a project', projectCreated)),
      async (j) => answers.push(await j.call('elsewhere', () => Promise.resolve(1))),
      async (j) => answers.push((await j.send('new', { email: 'new' })).status),
      async (j) => answers.push(await j.exit('out')),
      week,
    ),
  );
  expect(answers.slice(-6)).toEqual([true, 'free', null, null, 'skipped', undefined]);
  expect(ada.journal[0]).toMatchObject({ outcome: true, status: 'skipped', facts: { 'traits.plan': 'free' } });
  expect(ada.why('a week')).toMatch('waits for 7 days, 7 d to go');
});

it('a step is skipped if a step of another kind was decided under its name', async () => {
  const ada = await signUp(mail('welcome'), week);
  let answer: unknown;
  const edited = trial(async (j) => {
    answer = await j.check('welcome', () => true);
  }, week);
  await ada.deploy(edited);
  expect(answer).toBe(true);
  expect(ada.journal[0]).toMatchObject({
    kind: 'check',
    status: 'skipped',
    outcome: true,
    reason: 'decided before as send',
  });
  await ada.deploy(trial(mail('welcome'), week));
  expect(sent(ada)).toEqual(['welcome']);
});

it('the code begins again if it has none of the steps that the user entered', async () => {
  const ada = await signUp(mail('welcome'), week);
  await ada.deploy(trial(mail('hello'), mail('bye')));
  expect(sent(ada)).toEqual(['welcome', 'hello', 'bye']);
});

it('a held message is withdrawn if its step is removed', async () => {
  const night = { at: '2026-01-05T23:00:00Z', with: { policy: policy() } };
  const ada = traveller(trial(mail('welcome'), week), night);
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.held.map(({ step }) => step)).toEqual(['welcome']);
  await ada.deploy(trial(week));
  expect(ada.held).toEqual([]);
  expect(ada.suppressed).toMatchObject([{ step: 'welcome', reason: 'removed from the journey' }]);
  await ada.forward('1 day');
  expect(sent(ada)).toEqual([]);
});

it('a held message is withdrawn if its step becomes one of another kind', async () => {
  const ada = traveller(trial(mail('welcome'), week), { at: '2026-01-05T23:00:00Z' });
  await ada.track(signedUp, { plan: 'free' });
  await ada.deploy(trial((j) => j.sleep('welcome', '1 day'), week));
  expect(ada.suppressed).toMatchObject([{ step: 'welcome', reason: 'removed from the journey' }]);
  expect(ada.why('welcome')).toMatch("'welcome' waits for 1 day");
});

it('an edit of a helper function that calls steps is an edit of the journey', async () => {
  const greetings = (text: string): Step => mail(text);
  const ada = await signUp(week, greetings('bye'));
  await ada.deploy(trial(greetings('new'), week, greetings('bye')));
  await ada.forward('8 days');
  expect(sent(ada)).toEqual(['bye']);
});

describe('`onEdit` redirects users who wait in a removed step', () => {
  const sendOn = (onEdit: JourneyOptions['onEdit'], ...steps: readonly Step[]): Journey =>
    journey('trial', { enter: signedUp, ...(onEdit && { onEdit }) }, async (j) => {
      for (const step of steps) await step(j);
    });
  const redirection = { from: 'a week', to: 'bye' };

  it('they go on at the named step, and the steps before it are skipped', async () => {
    const ada = await signUp(mail('welcome'), week, mail('survey'), mail('bye'));
    await ada.deploy(sendOn(redirection, mail('welcome'), mail('new'), mail('survey'), mail('bye')));
    expect(sent(ada)).toEqual(['welcome', 'bye']);
    expect(ada.journal.map(({ step, status }) => [step, status])).toEqual([
      ['welcome', 'done'],
      ['a week', 'skipped'],
      ['new', 'skipped'],
      ['survey', 'skipped'],
      ['bye', 'done'],
    ]);
  });

  it('a wait they are sent to begins when they get there', async () => {
    const ada = await signUp(week, mail('bye'));
    await ada.forward('3 days');
    await ada.deploy(
      sendOn({ from: 'a week', to: 'two days' }, mail('first'), (j) => j.sleep('two days', '2 days'), mail('bye')),
    );
    expect(ada.why('two days')).toMatch('waits for 2 days, 2 d to go');
    await ada.forward('2 days');
    expect(sent(ada)).toEqual(['bye']);
  });

  it('it applies only to users who wait in that step', async () => {
    const ada = await signUp(mail('welcome'), project, mail('survey'), mail('bye'));
    await ada.deploy(sendOn(redirection, mail('welcome'), mail('survey'), mail('bye')));
    expect(sent(ada)).toEqual(['welcome', 'survey', 'bye']);
  });

  it('it does not apply as long as the code has the step', async () => {
    const ada = await signUp(week, mail('survey'), mail('bye'));
    await ada.deploy(sendOn(redirection, week, mail('survey'), mail('bye')));
    expect(ada.why('a week')).toMatch('waits for');
    await ada.forward('7 days');
    expect(sent(ada)).toEqual(['survey', 'bye']);
  });

  it('users are not sent back, since a step is entered once', async () => {
    const ada = await signUp(mail('welcome'), mail('tips'), week, mail('bye'));
    await ada.deploy(
      sendOn({ from: 'a week', to: 'welcome' }, mail('welcome'), mail('new'), mail('tips'), mail('bye')),
    );
    expect(sent(ada)).toEqual(['welcome', 'tips', 'bye']);
  });

  it('the redirection from the removed step is taken from a list', async () => {
    const ada = await signUp(week, mail('survey'), mail('bye'));
    await ada.deploy(sendOn([{ from: 'a project', to: 'survey' }, redirection], mail('survey'), mail('bye')));
    expect(sent(ada)).toEqual(['bye']);
  });

  it('a redirection to the step itself is an error', () => {
    expect(() => sendOn({ from: 'a week', to: 'a week' }, week)).toThrow("onEdit: 'a week' can't lead to itself");
  });
});

it('every record has the version under which it was decided', async () => {
  const ada = await signUp(mail('welcome'), week, mail('bye'));
  await ada.deploy(trial(mail('welcome'), mail('new'), week, mail('bye')));
  await ada.forward('8 days');
  const versions = ada.journal.map(({ version }) => version);
  expect(versions[0]).toMatch(/^[0-9a-f-]{13}$/);
  expect(new Set(versions.slice(1))).toEqual(new Set([versions[1]]));
  expect(versions[1]).not.toBe(versions[0]);
});
