/** Environment variables, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A rule between variables. `name` is the variable that the problem is reported for. */
export interface Rule {
  readonly name: string;
  readonly problem: string;
  broken(env: Environment): boolean;
}
