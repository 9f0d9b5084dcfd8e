/** The definitions are not usable. Each problem is one line that names its file. */
export class DefinitionsError extends Error {
  override readonly name = 'DefinitionsError';

  constructor(
    readonly problems: readonly string[],
    options?: ErrorOptions,
  ) {
    super(`The journeys cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`, options);
  }
}
