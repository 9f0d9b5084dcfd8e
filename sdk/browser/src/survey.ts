/** The order in which a survey asks its questions, for apps that draw one themselves. */
export { following, pathOf } from './kinds/parts/path';
