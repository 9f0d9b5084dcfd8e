import { tokenOf } from './token.mjs';

/* The app of the courier: another person, in a page of their own. Conversations are all that it shows. */
const COURIER = 'demo-noor';

const api = new URL('..', location.href).href;
window.Sojourn.start({ url: api, token: await tokenOf(COURIER), refresh: () => tokenOf(COURIER) });
