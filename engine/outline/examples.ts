/** Example links of a message. Only the server knows the real ones. */
export const EXAMPLE_LINKS = { unsubscribe: 'https://example.com/unsubscribe', app: 'https://example.com' };
