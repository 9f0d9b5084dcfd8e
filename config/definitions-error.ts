/** The definitions are not usable. Each problem is one line that names its file. */
export class DefinitionsError extends Error {
  override readonly name = 'DefinitionsError';

  constructor(
    readonly problems: readonly string[],
    /** What was thrown, for each problem, if all of them come from errors. Otherwise empty. */
    readonly causes: readonly unknown[] = [],
  ) {
    super(`The journeys cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`, {
      cause: causes[0],
    });
  }
}
