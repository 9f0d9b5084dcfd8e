import type { Journey } from './journey';
import type { JsonObject } from './json';
import type { Lifecycle } from './lifecycle';
import type { Policy } from './policy/define';

/** Everything a team defines, as the engine takes it. `version` changes whenever any of it does. */
export interface Definitions {
  readonly version: string;
  readonly journeys: readonly Journey[];
  readonly lifecycle: Lifecycle;
  readonly policy: Policy;
  /** The traits a user may have, by example: what templates may use. */
  readonly traits: JsonObject;
}
