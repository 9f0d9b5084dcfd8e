import type { Channel } from '../../activities/channels/channel';
import { ownChannel } from '../../activities/channels/own';
import { providersOf } from '../../activities/providers';
import type { Templates } from '../../activities/templates/load';
import { channel } from '../../engine/authoring/own-channel';
import line from '../../examples/own-channels/line';
import type { FakeService } from '../fakes/service';
import { startLine } from '../fakes/line';
import { context, envelope, templatesOf, unhurried } from './fixture';

const ADA = { ...context.user, traits: { ...context.user.traits, lineId: 'U4af4980629' } };

let templates: Templates;
let service: FakeService;
let own: Channel;

beforeAll(async () => {
  templates = await templatesOf({
    'onboarding/templates/welcome.line.yaml': 'text: "Hello {{ user.traits.firstName }}"',
    'onboarding/templates/empty.line.yaml': 'said: nothing',
  });
});
beforeEach(async () => {
  service = await startLine();
  own = open('line-token');
});
afterEach(async () => {
  await own.close();
  await service.stop();
});

function open(token: string): Channel {
  const providers = providersOf<string>('line', {
    setups: [line],
    environment: { LINE_CHANNEL_ACCESS_TOKEN: token, LINE_API_URL: service.url },
    hostname: 'localhost',
    publicUrl: 'http://localhost:3000',
    mailboxUrl: null,
    references: { add: async () => undefined },
  });
  const spec = line.own?.spec;
  if (!spec) throw new Error('the example is no channel of its own');
  return ownChannel({ templates, publicUrl: 'http://localhost:3000', secret: 'a secret', spec, providers });
}

const deliver = (changes: Parameters<typeof envelope>[0] = {}) =>
  own.deliver(envelope({ user: ADA, ...changes }), unhurried());

test('a team’s own channel sends what its template says to the address of a trait', async () => {
  const message = envelope({ user: ADA });
  expect(await own.deliver(message, unhurried())).toEqual({ outcome: 'sent', providerId: null, provider: 'line' });
  const [request] = service.received;
  expect(JSON.parse(request?.body ?? '')).toEqual({
    to: 'U4af4980629',
    messages: [{ type: 'text', text: 'Hello Ada' }],
  });
  expect(request?.headers['x-line-retry-key']).toBe(message.id);
});

test('a repetition after a lost answer counts as sent, once', async () => {
  const message = envelope({ user: ADA });
  await own.deliver(message, unhurried());
  expect(await own.deliver(message, unhurried())).toMatchObject({ outcome: 'sent' });
});

test('a person without the trait has no address', async () => {
  for (const user of [context.user, { ...ADA, traits: { lineId: ' ' } }, { ...ADA, traits: { lineId: 7 } }])
    expect(await deliver({ user })).toMatchObject({ cause: 'address' });
  expect(service.received).toEqual([]);
});

test('what the service refuses is a bounce', async () => {
  expect(await deliver({ user: { ...ADA, traits: { lineId: 'nobody' } } })).toMatchObject({ cause: 'bounced' });
  expect(await deliver({ template: 'empty' })).toMatchObject({ cause: 'bounced' });
});

test('a pause that the service asks for is kept', async () => {
  service.misbehave({ status: 429, headers: { 'retry-after': '20' }, body: { message: 'too many' } });
  expect(await deliver()).toMatchObject({ outcome: 'retry', code: 'line 429', afterMs: 20_000 });
});

test('a service that breaks the connection may have taken the message', async () => {
  service.misbehave('closes');
  expect(await deliver()).toMatchObject({ outcome: 'retry', takenBy: 'line' });
});

test('a wrong token is a failure that somebody can mend', async () => {
  const other = open('wrong');
  expect(await other.deliver(envelope({ user: ADA }), unhurried())).toMatchObject({
    outcome: 'retry',
    code: 'line 401',
  });
});

test('a message that may not be sent any more does not reach the service', async () => {
  const confirm = (): Promise<never> => Promise.reject(Object.assign(new Error('not any more'), { code: 'WITHHELD' }));
  await expect(deliver({ confirm })).rejects.toMatchObject({ code: 'WITHHELD' });
  expect(service.received).toEqual([]);
});

test.each(['email', 'push', 'Line', 'my line', ''])("'%s' is no name for a channel of one's own", (name) => {
  expect(() => channel(name, { trait: null, send: async () => ({ outcome: 'sent' }) })).toThrow(TypeError);
});
