import { traveller } from 'sojourn/testing';
import { signedUp } from '../events';
import journey from './journey';

test('says hello once, a day after the event', async () => {
  const ada = traveller(journey);
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.messages).toEqual([]);
  await ada.forward('90 days');
  expect(ada.messages).toMatchObject([{ step: 'hello', channel: 'email', template: 'hello' }]);
  expect(ada.why('hello')).toContain('allowed');
});
