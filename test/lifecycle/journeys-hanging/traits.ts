/** The traits that the templates of these journeys may use. */
export default { email: 'ada@example.com', phone: '0171 1234567', country: 'DE' };
