import { lifecycle } from 'sojourn';
import { accountDeleted, signedUp } from './events';

/** Visitors become members when they sign up, until they delete the account. */
export default lifecycle({
  initial: 'visitor',
  rules: [
    { from: ['visitor', 'member'], to: 'deleted', on: accountDeleted },
    { from: ['visitor', 'deleted'], to: 'member', on: signedUp },
  ],
});
