import { showDecisions } from './drawer.mjs';
import { tokenOf } from './token.mjs';

/*
 * The app of the demo, written as a team writes its own: a token from the server, one call of `start`, one call of `track` for each thing
 * that a person does. Nothing here knows of a journey.
 */

const $ = (selector) => document.querySelector(selector);
const api = new URL('.', location.href).href;

/** What ends with the person who is shown. */
let leave = () => {};
let order = null;

async function become(id) {
  let token = await tokenOf(id);
  const refresh = async () => (token = await tokenOf(id));
  leave();
  const sojourn = window.Sojourn.start({ url: api, token, refresh });
  const refreshDecisions = showDecisions(() => token);
  sojourn.on('state', () => {
    showFlags(sojourn);
    refreshDecisions();
  });
  sojourn.on('track', refreshDecisions);
  sojourn.identify({ timezone: Intl.DateTimeFormat().resolvedOptions().timeZone });
  const listening = new AbortController();
  $('#app').addEventListener('click', ({ target }) => act(sojourn, target.closest('button')), listening);
  leave = () => {
    listening.abort();
    sojourn.stop();
    refreshDecisions.stop();
  };
  setOrder(null);
  $('#app').disabled = false;
  $('#who').open = false;
  $('#who summary').textContent = id;
  say(`You are ${id}.`);
}

/** Reports what a button stands for. */
function act(sojourn, button) {
  if (!button) return;
  const { event, plan, key, properties = '{}', times = '1' } = button.dataset;
  if (plan) {
    sojourn.identify({ plan });
  } else {
    const made = key && { [key]: `A-${String(Date.now()).slice(-5)}` };
    if (button.id === 'place') setOrder(made.orderId);
    const more = made ?? ('order' in button.dataset ? { orderId: order } : {});
    for (let n = 0; n < Number(times); n++) sojourn.track(event, { ...JSON.parse(properties), ...more });
  }
  if ('courier' in button.dataset) showCourier();
  say(`${button.textContent.trim()}: sent.`);
}

/** Shows the phone of the courier, who is another person: a page with an SDK of its own. */
function showCourier() {
  $('#courier').hidden = false;
  const phone = $('#phone');
  if (!phone.hasAttribute('src')) phone.src = 'demo/courier';
}

function setOrder(id) {
  order = id;
  $('#order').textContent = id ? `The order is ${id}.` : 'No order yet.';
  for (const button of document.querySelectorAll('[data-order]')) button.disabled = id === null;
}

/** Shows every flag, and lets two of them change the page. To read one that is an experiment reports an exposure. */
function showFlags(sojourn) {
  const rows = Object.entries(sojourn.state.flags).flatMap(([name, value]) => [
    element('dt', name),
    element('dd', value === '' ? 'empty' : String(value)),
  ]);
  $('#flags').replaceChildren(...rows);
  const upgrade = sojourn.flag('upgrade-banner', '');
  $('#upgrade').textContent = upgrade;
  $('#upgrade').hidden = upgrade === '';
  $('#place').textContent = sojourn.flag('new-checkout', false) ? 'Order a fruit box in one tap' : 'Order a fruit box';
}

function element(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

function say(text) {
  $('#note').textContent = text;
}

$('#who form').addEventListener('submit', (event) => {
  event.preventDefault();
  const { submitter } = event;
  const id = submitter?.name === 'id' ? submitter.value : `demo-${$('#other').value}`;
  become(id).catch((error) => say(error.message));
});

// The messages lead to pages of the app, such as /projects/new. The demo has one page only, and says where it would go.
globalThis.navigation?.addEventListener('navigate', (event) => {
  const { url, sameDocument } = event.destination;
  if (sameDocument || !event.cancelable || new URL(url).pathname === location.pathname) return;
  event.preventDefault();
  say(`The app would now open ${url.replace(location.origin, '')}.`);
});
