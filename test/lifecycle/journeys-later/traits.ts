/** The traits these journeys' templates may use. */
export default { email: 'ada@example.com' };
