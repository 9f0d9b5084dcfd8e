import { activity, lifecycle } from 'sojourn';
import { accountDeleted, orderPlaced, signedUp } from './events';

/** The stages of a person's life with your product, and what leads from one to the next. */
export default lifecycle({
  initial: 'visitor',
  rules: [
    { from: ['visitor', 'member', 'customer', 'dormant'], to: 'deleted', on: accountDeleted },
    { from: ['visitor', 'deleted'], to: 'member', on: signedUp },
    { from: ['visitor', 'member'], to: 'customer', on: orderPlaced },
    { from: ['member', 'customer'], to: 'dormant', inactive: '30 days' },
    { from: ['dormant'], to: 'member', on: activity },
  ],
});
