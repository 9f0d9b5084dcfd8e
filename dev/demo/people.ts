import type { Config } from '../../config/config';
import type { Clock } from '../../engine/model/clock';
import type { PushService } from '../push-service';
import { createTeardown } from '../teardown';
import { Agenda } from './agenda';
import { scheduleCampaign } from './campaign';
import { Life } from './life';
import type { MailReader } from './mail';
import { population } from './population';
import { Product } from './product';

/** The running people of the demo. */
export interface People {
  /** Returns the number of events passed to the product's client so far. */
  sent(): number;
  /** How often each error occurred, by its message. */
  readonly errors: ReadonlyMap<string, number>;
  /** Starts nothing more, and waits until running actions are done and their events delivered. */
  stop(): Promise<void>;
}

export interface PeopleOptions {
  readonly config: Config;
  readonly mail: MailReader;
  readonly push: PushService;
  readonly clock: Clock;
  readonly size: number;
}

/** Seed of all random choices. */
const SEED = 20_260_401;

/** Starts the people of the demo on a running stack. */
export function startPeople({ config, mail, push, clock, size }: PeopleOptions): People {
  const errors = new Map<string, number>();
  const note = (error: unknown): void => {
    const text = error instanceof Error ? error.message : String(error);
    errors.set(text, (errors.get(text) ?? 0) + 1);
  };
  const parts = createTeardown();
  const product = parts.add(new Product(config, note));
  const agenda = parts.add(new Agenda(clock, note));
  const world = { clock, agenda, product, mail, push };
  const startsAt = clock.now();
  const everybody = population(size, SEED);
  for (const person of everybody) new Life(person, world).begin(startsAt);
  scheduleCampaign(world, everybody, startsAt);
  return { sent: () => product.sent, errors, stop: () => parts.stop() };
}
