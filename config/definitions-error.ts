/** What a team defines can't be used. A line per problem, each with its file. */
export class DefinitionsError extends Error {
  override readonly name = 'DefinitionsError';

  constructor(
    readonly problems: readonly string[],
    options?: ErrorOptions,
  ) {
    super(`The journeys can't be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`, options);
  }
}
