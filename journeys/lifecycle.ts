import { activity, lifecycle } from 'sojourn';
import { accountDeleted, projectCreated, signedUp } from './events';

/**
 * The stages of a person's life with the product, and what leads from one to the next. Visitors who never signed up are `new`.
 * Only a new sign-up leads out of `deleted`, because a client may still send events after the account is deleted.
 */
export default lifecycle({
  initial: 'new',
  rules: [
    { from: ['new', 'onboarding', 'active', 'dormant', 'churned', 'won back'], to: 'deleted', on: accountDeleted },
    { from: ['new'], to: 'onboarding', on: signedUp },
    { from: ['deleted'], to: 'won back', on: signedUp },
    { from: ['dormant', 'churned'], to: 'won back', on: activity },
    { from: ['new', 'onboarding'], to: 'active', on: projectCreated },
    { from: ['onboarding', 'active', 'won back'], to: 'dormant', inactive: '21 days' },
    { from: ['won back'], to: 'active', after: '30 days' },
    { from: ['dormant'], to: 'churned', after: '30 days' },
  ],
});
