/** Something a person can mend; the message says how. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}
