/** The traits that the templates of these journeys may use. */
export default { email: 'ada@example.com', locale: 'en' };
