/** The traits by whose dates users enter. */
export default { birthday: '1990-03-20', trialEndsAt: '2026-04-01T00:00:00Z', timezone: 'Europe/Berlin' };
