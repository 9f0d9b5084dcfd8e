import type { Clock } from '../../engine/model/clock';
import type { PushService } from '../push-service';
import type { Agenda } from './agenda';
import type { MailReader } from './mail';
import type { Product } from './product';

/** Everything the people of the demo interact with. */
export interface World {
  readonly clock: Clock;
  readonly agenda: Agenda;
  readonly product: Product;
  readonly mail: MailReader;
  readonly push: PushService;
}
