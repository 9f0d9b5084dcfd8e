/** An error in the setup of this machine. The message says how to fix it. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}
