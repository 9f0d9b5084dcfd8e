import { flags } from 'sojourn';

/**
 * What the app shows to whom. The first rule that concerns a person says the value; without one the default holds. A flag that a
 * journey sets with `j.flag` wins.
 */
export default flags({
  /** Half of the people who know the product get the new checkout. Raise the percentage: nobody who has it loses it. */
  'new-checkout': {
    default: false,
    rules: [{ when: { stage: ['active', 'won back'] }, percentage: 50, value: true }],
  },

  /** An experiment: which text makes people on the free plan look at the others. Nobody else sees a banner. */
  'upgrade-banner': {
    default: '',
    rules: [
      {
        when: { stage: { not: ['new', 'deleted'] }, traits: { plan: 'free' } },
        variants: {
          none: { weight: 1, value: '' },
          benefit: { weight: 1, value: 'Invite your whole team with Pro' },
          price: { weight: 1, value: 'Pro costs less than lunch' },
        },
      },
    ],
  },
});
