import { completeConsent } from '../../engine/model/consent';

const DIGEST = {
  title: 'Weekly digest',
  description: 'What changed in your projects',
  subscribed: true,
  pending: false,
  channels: {},
  frequency: 'all',
  frequencies: ['all', 'weekly'],
};

/** What the app gets. */
export const PREFERENCES = {
  channels: completeConsent({ email: false, webPush: false }),
  topics: { digest: DIGEST },
};

/** What the app's server gets. */
export const CHANGED_PREFERENCES = {
  channels: completeConsent({ email: false, webPush: false }),
  topics: { digest: { ...DIGEST, frequency: 'weekly' } },
};
