/** The only journey left in the next release. */
export { default } from '../../journeys/tour/journey';
