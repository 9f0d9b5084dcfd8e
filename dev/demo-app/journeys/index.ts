import { join } from 'node:path';
import dormancy from '../../../journeys/dormancy/journey';
import * as shippedEvents from '../../../journeys/events';
import flags from '../../../journeys/flags';
import lifecycle from '../../../journeys/lifecycle';
import milestones from '../../../journeys/milestones/journey';
import onboarding from '../../../journeys/onboarding/journey';
import orderUpdates from '../../../journeys/order-updates/journey';
import traits from '../../../journeys/traits';
import winBack from '../../../journeys/win-back/journey';
import basket from './basket/journey';
import classReminder from './class/journey';
import course from './course/journey';
import enjoy from './enjoy/journey';
import * as events from './events';
import freeDelivery from './free-delivery/journey';
import lesson from './lesson/journey';
import nextClass from './next-class/journey';
import payment from './payment/journey';
import planAWeek from './plan-a-week/journey';
import policy from './policy';
import week from './week/journey';

const shipped = [dormancy, milestones, onboarding, orderUpdates, winBack];
const own = [basket, classReminder, course, enjoy, freeDelivery, lesson, nextClass, payment, planAWeek, week];

/**
 * What `npm start` runs with the demo: the journeys that ship, and beside them those of the demo's own, so that each kind of message
 * answers something that a person does. They are not among those that ship, which stay the example of a product.
 */
export default {
  journeys: [...shipped, ...own],
  lifecycle,
  policy,
  traits,
  flags,
  events: { ...shippedEvents, ...events },
  templates: [join(__dirname, '..', '..', '..', 'journeys')],
};
