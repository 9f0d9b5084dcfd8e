/** The variables that are set to something. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Something that must hold between variables; `name` is the one to blame. */
export interface Rule {
  readonly name: string;
  readonly problem: string;
  broken(env: Environment): boolean;
}
