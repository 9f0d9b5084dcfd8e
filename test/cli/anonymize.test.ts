import { anonymize } from '../../cli/export-test/incident';
import { answered } from '../../engine/authoring/message-events';
import { journey, type Journey } from '../../engine/authoring/journey';
import type { Life } from '../../engine/compare/life';
import { messageId, runId } from '../../engine/model/ids';
import type { Json, JsonObject } from '../../engine/model/json';
import { compile } from '../../engine/outline/compile';
import { lifecycle } from '../../engine/authoring/lifecycle';
import type { Definitions } from '../../engine/definitions/definitions';
import { signedUp, unrestrained } from '../../engine/testing/properties/catalogue';
import { CALLED } from '../../engine/user/commands';

const HOUR = 3_600_000;

const compiled = (one: Journey): Promise<Definitions> =>
  compile({ journeys: [one], lifecycle: lifecycle({ initial: 'new', rules: [] }), traits: {}, ...unrestrained });

/** A life of Ada that begins with her sign-up. */
function lifeOf(properties: JsonObject, later: readonly [name: string, type: string, properties: JsonObject][]): Life {
  const events = [['Signed Up', 'track', properties] as const, ...later];
  return {
    id: 'ada',
    createdAt: 0,
    traits: {},
    consent: {},
    hasPush: false,
    events: events.map(([name, type, given], n) => ({
      id: String(n + 1),
      type,
      name,
      at: n * HOUR,
      receivedAt: n * HOUR,
      properties: given,
    })),
  };
}

const run = runId('ada', 'course', null, '1');

test('a life with the answer of a call keeps its course, and the answer is made anonymous', async () => {
  const definitions = await compiled(
    journey('course', { enter: signedUp }, async (j) => {
      const coupon = await j.call('coupon', () => Promise.resolve({ code: 'none' }));
      if (coupon) await j.send('with a coupon', { email: 'coupon' });
    }),
  );
  const life = lifeOf({ plan: 'free' }, [[CALLED, 'internal', { run, step: 'coupon', result: { code: 'ADA-1815' } }]]);
  const { course, life: exported } = await anonymize(life, definitions, [], 10 * HOUR);
  expect([...course.messages.values()]).toMatchObject([{ step: 'with a coupon' }]);
  expect(JSON.stringify(exported)).not.toContain('ADA-1815');
});

test('so does a life with an answer to a message', async () => {
  const definitions = await compiled(
    journey('course', { enter: signedUp }, async (j) => {
      await j.send('question', { inApp: 'question' });
      if (await j.waitFor('answer', answered)) await j.award('thanks', { points: 1 });
    }),
  );
  const message = messageId(run, 'question');
  const reply = { message, journey: 'course', step: 'question', run, value: 'never' };
  const life = lifeOf({ plan: 'free' }, [['Message Answered', 'track', reply]]);
  const { course, life: exported } = await anonymize(life, definitions, [], 10 * HOUR);
  expect(course.state.memory?.points).toBe(1);
  const { id = '', journal = [] } = course.runs[0] ?? {};
  expect(journal.map(({ step }) => step)).toEqual(['question', 'answer', 'thanks']);
  expect(exported.events[1]?.properties).toMatchObject({ run: id, message: messageId(id, 'question') });
});

test('if a decision depends on a replaced value, the error names the property', async () => {
  const isLong = (value: Json | undefined): boolean => typeof value === 'string' && value.length > 20;
  const definitions = await compiled(
    journey('course', { enter: signedUp }, async (j) => {
      const { city, street } = j.event.properties as unknown as JsonObject;
      if (isLong(city) && isLong(street)) await j.award('far away', { points: 1 });
    }),
  );
  const far = 'Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogoch';
  const life = lifeOf({ plan: 'free', name: 'Ada', city: far, street: `${far} Street` }, []);
  await expect(anonymize(life, definitions, [], 10 * HOUR)).rejects.toThrow(/: city, street\..* --keep city street$/);
  await expect(anonymize(life, definitions, ['city'], 10 * HOUR)).rejects.toThrow(/: street\..* --keep city street$/);
  expect((await anonymize(life, definitions, ['city', 'street'], 10 * HOUR)).course.runs).toHaveLength(1);
});
