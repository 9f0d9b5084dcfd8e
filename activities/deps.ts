import type { Logger } from 'pino';
import type { Pool } from 'pg';
import type { Clock } from '../engine/model/clock';
import type { Definitions, DefinitionsProvider } from '../engine/definitions/definitions';
import type { Channels } from './channels';
import type { Templates } from './templates/load';
import type { AnswersRead } from '../store/answers-read';
import type { StartRequests } from '../store/start-requests';
import type { FirstDecisions } from './first-decisions';
import type { InFlight } from './in-flight';
import type { TimerLateness } from './timer-lateness';
import type { WakeSlots } from './wake-slots';

/** What the activities work with. */
export interface ActivityDeps {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly definitions: DefinitionsProvider;
  readonly channels: Channels;
  readonly inFlight: InFlight;
  readonly decisions: FirstDecisions;
  readonly lateness: TimerLateness;
  readonly slots: WakeSlots;
  readonly starts: StartRequests;
  /** The number of this release of the definitions; see `releases.ts`. */
  readonly release: { readonly seq: number };
  /** The templates that came with these definitions. Absent where templates never change. */
  readonly templatesOf?: (definitions: Definitions) => Templates;
  /** Which answers of steps the templates of this release read. */
  readonly answersRead: AnswersRead;
  readonly publicUrl: string;
  readonly log: Logger;
}
