import { accountDeleted, projectCreated, signedUp, teammateInvited } from '../test/engine/catalogue';
import { activity } from './event';
import { journey } from './journey';
import { lifecycle } from './lifecycle';
import { traveller, type Traveller } from './testkit';

const stages = lifecycle({
  initial: 'new',
  rules: [
    { from: ['new'], to: 'onboarding', on: signedUp },
    { from: ['new', 'onboarding', 'active'], to: 'active', on: projectCreated },
    { from: ['onboarding', 'active'], to: 'dormant', inactive: '14 days' },
    { from: ['dormant'], to: 'churned', after: '30 days' },
    { from: ['dormant', 'churned'], to: 'won back', on: activity },
    { from: ['won back', 'active'], to: 'active', after: '7 days' },
    { from: ['active', 'dormant'], to: 'deleted', on: accountDeleted },
  ],
});
const nothing = journey('nothing', { enter: signedUp }, () => Promise.resolve());
const newcomer = (): Traveller => traveller(nothing, { with: { lifecycle: stages } });

it('everybody begins in the initial stage', async () => {
  const ada = newcomer();
  await ada.track(teammateInvited, {});
  expect(ada.stage).toBe('new');
});

it('an event changes it, the first rule that fits', async () => {
  const ada = newcomer();
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.stage).toBe('onboarding');
  await ada.track(projectCreated, { name: 'Engine' });
  expect(ada.stage).toBe('active');
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.stage).toBe('active');
});

it('silence changes it, and activity puts that off', async () => {
  const ada = newcomer();
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('10 days');
  await ada.track(teammateInvited, {});
  await ada.forward('13 days');
  expect(ada.stage).toBe('onboarding');
  await ada.forward('1 day');
  expect(ada.stage).toBe('dormant');
});

it('time in the stage changes it', async () => {
  const ada = newcomer();
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('44 days');
  expect(ada.stage).toBe('churned');
});

it('any activity brings the user back, unless it happened before they got into the stage', async () => {
  const ada = newcomer();
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('20 days');
  await ada.track(teammateInvited, {}, { ago: '7 days' });
  expect(ada.stage).toBe('dormant');
  await ada.track(teammateInvited, {});
  expect(ada.stage).toBe('won back');
});

it('a rule that leads to where the user is does nothing, for ever', async () => {
  const ada = newcomer();
  await ada.track(signedUp, { plan: 'free' });
  await ada.track(projectCreated, { name: 'Engine' });
  await ada.forward('10 days');
  expect(ada.stage).toBe('active');
});

it('each change is a decision with its reason, which never repeats what only an app said', async () => {
  const ada = newcomer();
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('20 days');
  await ada.track({ ...teammateInvited, name: 'Hello my name is Ada' }, {});
  const changes = ada.decisions.filter(({ what }) => what.startsWith('stage'));
  expect(changes.map(({ what, reason }) => [what, reason])).toEqual([
    ['stage onboarding', 'Signed Up'],
    ['stage dormant', 'inactive'],
    ['stage won back', 'activity'],
  ]);
});

it('rules about silence that lead in a circle are refused', () => {
  const circle = (): unknown =>
    lifecycle({
      initial: 'a',
      rules: [
        { from: ['a'], to: 'b', inactive: '1 day' },
        { from: ['b'], to: 'c', after: '0 days' },
        { from: ['c'], to: 'a', inactive: '3 days' },
      ],
    });
  expect(circle).toThrow('silence leads in a circle: a → b → c → a');
});
