export default { email: 'ada@example.com', firstName: 'Ada' };
