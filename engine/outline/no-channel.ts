/** The error for a message that names no template. */
export const NO_CHANNEL =
  "the message has no channel. Expected a template for one at least, such as { email: 'hello' }.";
