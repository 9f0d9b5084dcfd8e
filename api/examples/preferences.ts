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
  channels: { email: false, webPush: false, inApp: true },
  topics: { digest: DIGEST },
};

/** What the app's server gets. */
export const CHANGED_PREFERENCES = {
  channels: { email: false, webPush: false, inApp: true },
  topics: { digest: { ...DIGEST, frequency: 'weekly' } },
};
