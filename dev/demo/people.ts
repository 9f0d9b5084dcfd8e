import type { Config } from '../../config/config';
import type { Clock } from '../../engine/model/clock';
import type { PushService } from '../push-service';
import { createTeardown } from '../teardown';
import { Agenda } from './agenda';
import { overdoIt } from './campaign';
import { Life } from './life';
import type { MailReader } from './mail';
import { population } from './population';
import { Product } from './product';

/** People who live their lives. */
export interface People {
  /** Events given to the product's client so far. */
  sent(): number;
  /** What went wrong for them, and how often. */
  readonly troubles: ReadonlyMap<string, number>;
  /** They do nothing more; what was begun is done and delivered. */
  stop(): Promise<void>;
}

export interface PeopleOptions {
  readonly config: Config;
  readonly mail: MailReader;
  readonly push: PushService;
  readonly clock: Clock;
  readonly size: number;
}

/** Another number makes other people. */
const SEED = 20_260_401;

/** Lets people loose on a stack that runs. */
export function startPeople({ config, mail, push, clock, size }: PeopleOptions): People {
  const troubles = new Map<string, number>();
  const note = (error: unknown): void => {
    const text = error instanceof Error ? error.message : String(error);
    troubles.set(text, (troubles.get(text) ?? 0) + 1);
  };
  const parts = createTeardown();
  const product = parts.add(new Product(config, note));
  const agenda = parts.add(new Agenda(clock, note));
  const world = { clock, agenda, product, mail, push };
  const startsAt = clock.now();
  const everybody = population(size, SEED);
  for (const person of everybody) new Life(person, world).begin(startsAt);
  overdoIt(world, everybody, startsAt);
  return { sent: () => product.sent, troubles, stop: () => parts.stop() };
}
