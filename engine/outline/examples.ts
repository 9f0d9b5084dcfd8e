/** What stands for the links of a message, which only the server knows. */
export const EXAMPLE_LINKS = { unsubscribe: 'https://example.com/unsubscribe', app: 'https://example.com' };
