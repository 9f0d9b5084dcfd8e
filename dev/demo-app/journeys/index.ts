import { partsOfFolder } from '../../../config/definitions-files';
import { SHIPPED_JOURNEYS } from '../../../config/env';
import basket from './basket/journey';
import classReminder from './class/journey';
import course from './course/journey';
import enjoy from './enjoy/journey';
import * as events from './events';
import freeDelivery from './free-delivery/journey';
import helpBot from './help-bot/journey';
import lesson from './lesson/journey';
import nextClass from './next-class/journey';
import orderChat from './order-chat/journey';
import payment from './payment/journey';
import planAWeek from './plan-a-week/journey';
import policy from './policy';
import week from './week/journey';

const own = [
  basket,
  classReminder,
  course,
  enjoy,
  freeDelivery,
  helpBot,
  lesson,
  nextClass,
  orderChat,
  payment,
  planAWeek,
  week,
];
const shipped = partsOfFolder(SHIPPED_JOURNEYS);

/**
 * What `npm start` runs with the demo: all that is in `journeys/`, also what a team adds there, and beside it the demo's own, so that each
 * kind of message answers something that a person does. Its policy takes the place of theirs.
 */
export default {
  journeys: [...shipped.journeys.map(({ value }) => value), ...own],
  lifecycle: shipped.lifecycle?.value,
  policy,
  traits: shipped.traits?.value,
  flags: shipped.flags?.value,
  chats: shipped.chats?.value,
  events: { ...(shipped.events?.value as object | undefined), ...events },
  templates: [SHIPPED_JOURNEYS],
};
