import type { Clock } from '../../engine/model/clock';
import type { PushService } from '../push-service';
import type { Agenda } from './agenda';
import type { MailReader } from './mail';
import type { Product } from './product';

/** The world people live in. */
export interface World {
  readonly clock: Clock;
  readonly agenda: Agenda;
  readonly product: Product;
  readonly mail: MailReader;
  readonly push: PushService;
}
