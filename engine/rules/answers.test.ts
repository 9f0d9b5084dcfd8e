import { projectCreated, signedUp, unrestrained } from '../testing/properties/catalogue';
import { journey } from '../authoring/journey';
import type { Json } from '../model/json';
import { traveller, type Traveller } from '../testing/traveller';

/** Rule 1: recorded outcomes and events stay as they are, whatever the code does with them. */

const DAY = 86_400_000;
const BEGIN = Date.parse('2026-01-05T12:00:00Z');

const sentBy = ({ messages }: Traveller): [string, number][] =>
  messages.map(({ step, decidedAt }) => [step, (decidedAt - BEGIN) / DAY]);

it('the code can use up a picked list, and gets the whole list again at the next replay', async () => {
  const tags = journey('tags', { enter: signedUp }, async (j) => {
    const left = await j.pick('tags', ({ user }) => user.traits['tags'] as string[]);
    for (let tag = left.shift(); tag !== undefined; tag = left.shift()) {
      await j.send(`about ${tag}`, { email: 'about' });
      await j.sleep(`after ${tag}`, '7 days');
    }
  });
  const ada = traveller(tags, { with: unrestrained, traits: { tags: ['a', 'b', 'c'] } });
  await ada.track(signedUp, { plan: 'free' });
  await ada.forward('1 day');
  await ada.track(projectCreated, { name: 'Engine' });
  await ada.forward('30 days');
  expect(sentBy(ada)).toEqual([
    ['about a', 0],
    ['about b', 7],
    ['about c', 14],
  ]);
  expect(ada.runs[0]?.journal[0]).toMatchObject({ step: 'tags', outcome: ['a', 'b', 'c'] });
  expect(ada.profile.traits).toEqual({ tags: ['a', 'b', 'c'] });
});

it('the code gets a copy of each event', async () => {
  const shout = journey('shout', { enter: projectCreated }, async (j) => {
    j.event.properties.name += '!';
    await j.send(`to ${j.event.properties.name}`, { inApp: 'to' });
    const next = await j.waitFor('the next', projectCreated);
    if (next) next.properties.name += '?';
    await j.send(`and ${next?.properties.name}`, { inApp: 'and' });
    await j.sleep('a day', '1 day');
  });
  const ada = traveller(shout, { with: unrestrained });
  await ada.track(projectCreated, { name: 'One' });
  await ada.forward('1 hour');
  await ada.track(projectCreated, { name: 'Two' });
  await ada.forward('2 days');
  expect(ada.messages.map(({ step }) => step)).toEqual(['to One!', 'and Two?']);
  expect(ada.runs).toMatchObject([
    {
      status: 'completed',
      trigger: { properties: { name: 'One' } },
      journal: { 1: { outcome: { name: projectCreated.name, properties: { name: 'Two' } } } },
    },
  ]);
});

it('a key function gets a copy of the event', async () => {
  const keyed = journey(
    'keyed',
    { enter: projectCreated, key: ({ properties }) => (properties['name'] = `${properties['name'] as string}!`) },
    (j) => j.sleep('a day', '1 day'),
  );
  const ada = traveller(keyed);
  await ada.track(projectCreated, { name: 'One' });
  expect(ada.runs).toMatchObject([{ key: 'One!', trigger: { properties: { name: 'One' } } }]);
});

it('reading facts does not change the user', async () => {
  const read: Json[] = [];
  const sorting = journey('sorting', { enter: signedUp }, async (j) => {
    read.push(await j.pick('first', ({ user }) => (user.traits['tags'] as string[]).sort()[0] ?? null));
    read.push(await j.pick('everything', ({ user }) => user.traits));
  });
  const ada = traveller(sorting, { traits: { tags: ['b', 'a'] } });
  await ada.track(signedUp, { plan: 'free' });
  expect(read).toEqual(['a', { tags: ['b', 'a'] }]);
  expect(ada.profile.traits).toEqual({ tags: ['b', 'a'] });
  expect(ada.journal.map(({ facts }) => facts)).toEqual([{ 'traits.tags': ['b', 'a'] }, { 'traits.tags': ['b', 'a'] }]);
});

it('setting a trait in a check parks the run, with an error that says how to set it', async () => {
  const setting = journey('setting', { enter: signedUp }, async (j) => {
    await j.check('is free', ({ user }) => Boolean((user.traits['plan'] = 'free')));
  });
  const ada = traveller(setting);
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.runs).toMatchObject([
    { status: 'failed', reason: "'plan' is read-only here. Set a trait with j.set, a flag with j.flag." },
  ]);
  expect(ada.profile.traits).toEqual({});
});

it('a call can change its facts without changing the user, and the facts it read are recorded', async () => {
  const sent: string[] = [];
  const passingOn = journey('passing-on', { enter: signedUp }, async (j) => {
    await j.call('to the CRM', async ({ user }) => {
      user.traits['source'] ??= 'web';
      Object.assign(user.traits, { company: 'Analytical Engines', city: 'Paris' });
      sent.push(JSON.stringify([user.traits['company'], user.traits['city']]));
      (user.traits['tags'] as string[]).sort();
      await Promise.resolve(user);
      if ('vip' in user.traits) return 'vip';
      sent.push(JSON.stringify(Object.freeze(user).traits));
      return 'passed on';
    });
  });
  const ada = traveller(passingOn, { traits: { tags: ['b', 'a'], city: 'London' } });
  await ada.track(signedUp, { plan: 'free' });
  expect(sent).toEqual([
    '["Analytical Engines","Paris"]',
    '{"tags":["a","b"],"city":"Paris","source":"web","company":"Analytical Engines"}',
  ]);
  expect(ada.profile.traits).toEqual({ tags: ['b', 'a'], city: 'London' });
  const facts = { 'traits.source': null, 'traits.city': 'London', 'traits.tags': ['b', 'a'], 'traits.vip': null };
  expect(ada.journal).toMatchObject([{ step: 'to the CRM', outcome: 'passed on', facts }]);
  expect(ada.journal.map((record) => Object.keys(record.facts))).toEqual([Object.keys(facts)]);
});

it('each message keeps the data it was sent with', async () => {
  const counting = journey('counting', { enter: signedUp }, async (j) => {
    const data = { number: 0 };
    for (const step of ['one', 'two']) {
      data.number++;
      await j.send(step, { inApp: 'count' }, { data });
    }
  });
  const ada = traveller(counting, { with: unrestrained });
  await ada.track(signedUp, { plan: 'free' });
  expect(ada.messages.map(({ data }) => data)).toEqual([{ number: 1 }, { number: 2 }]);
});
