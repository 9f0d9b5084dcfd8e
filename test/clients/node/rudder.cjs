// Arguments: the folder of the clients, the address of the API, the write key, the user, when they signed up.
const { createRequire } = require('node:module');
const { join } = require('node:path');

const [clients, dataPlaneUrl, writeKey, userId, signedUpAt] = process.argv.slice(2);
const Analytics = createRequire(join(clients, 'any.js'))('@rudderstack/rudder-sdk-node');
const client = new Analytics(writeKey, { dataPlaneUrl });

client.identify({ userId, traits: { email: 'ada@example.com', plan: 'free' } });
client.track({ userId, event: 'Signed Up', properties: { plan: 'free' }, timestamp: new Date(signedUpAt) });
client.page({ userId, name: 'Pricing', properties: { path: '/pricing' } });
client.screen({ userId, name: 'Home' });
client.group({ userId, groupId: 'acme', traits: { name: 'Acme' } });
client.alias({ userId, previousId: `before ${userId}` });
client.track({ anonymousId: `visitor of ${userId}`, event: 'Visited' });

// The first event is sent at once, the others together.
(async () => {
  await client.flush();
  await client.flush();
})().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
