/** For tests of journeys: `import { traveller } from 'sojourn/testing'`, a person in virtual time. */
export { traveller, Traveller, type TravellerOptions } from './engine/testkit';
