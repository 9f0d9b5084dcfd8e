import { journey, every } from 'sojourn';
import { templatesIn, traveller } from 'sojourn/testing';
import policy from '../policy';
import topics from '../topics';
import confirmSubscription from './journey';

const tips = journey('tips', { enter: every({ at: '09:00' }), reenter: 'always', topic: 'tips' }, async (j) => {
  await j.send('tip', { inApp: 'tip' });
});
const options = { with: { policy, topics } };

test('a yes gets one mail at once, at night too, with a link that confirms it', async () => {
  const ada = traveller(confirmSubscription, {
    ...{ ...options, at: '2026-01-06T03:00:00Z' },
    templates: templatesIn('examples'),
  });
  await ada.choose('tips', { subscribed: true });
  expect(ada.mailbox).toMatchObject([{ subject: 'Please confirm', html: expect.stringContaining('/confirm') }]);
});

test('before it is confirmed nothing comes, and afterwards everything does', async () => {
  const ada = traveller([confirmSubscription, tips], options);
  await ada.choose('tips', { subscribed: true });
  await ada.forward('1 day');
  expect(ada.suppressed).toMatchObject([{ step: 'tip', reason: 'not confirmed: tips' }]);
  await ada.confirm('tips');
  await ada.forward('1 day');
  expect(ada.messages).toMatchObject([{ step: 'please confirm' }, { step: 'tip' }]);
});

test('asked again before it is confirmed: another mail', async () => {
  const ada = traveller(confirmSubscription, options);
  await ada.choose('tips', { subscribed: true });
  await ada.forward('1 hour');
  await ada.choose('tips', { subscribed: true });
  expect(ada.messages).toHaveLength(2);
});

test('confirmed, and left later: the same link does not bring it back', async () => {
  const ada = traveller(confirmSubscription, options);
  await ada.choose('tips', { subscribed: true });
  await ada.confirm('tips');
  await ada.choose('tips', { subscribed: false });
  await ada.confirm('tips');
  expect(ada.profile.topics).toEqual({ tips: { standing: 'out' } });
});
