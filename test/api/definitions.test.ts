import type { JsonObject } from '../../engine/model/json';
import { Release } from '../../store/releases';
import { advanceUser } from './engine';
import { startApi, type Answer, type TestApi } from './server';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const send = (template = 'welcome'): JsonObject => ({
  kind: 'send',
  step: 'hello',
  messages: [{ channel: 'inApp', template }],
});
const wait: JsonObject = { kind: 'waitFor', step: 'a project', events: ['Project Created'], within: '7 days' };
const forEver: JsonObject = { kind: 'waitFor', step: 'a project', events: ['Project Created'] };
const check = (n: number): JsonObject => ({ kind: 'check', step: `check ${n}`, if: { var: 'user.traits.pro' } });
const course = (change: JsonObject = {}): JsonObject => ({
  enter: { kind: 'event', event: 'Course Begun' },
  events: { 'Course Begun': { example: { level: 1 } } },
  steps: [send(), wait],
  ...change,
});
const put = (id: string, body: unknown): Promise<Answer> => api.admin('PUT', `/v1/journeys/${id}`, body);
const act = (id: string, verb: string, body?: unknown): Promise<Answer> =>
  api.admin('POST', `/v1/journeys/${id}/${verb}`, body);
const publish = (id: string, note = ''): Promise<Answer> => act(id, 'publish', { author: 'grace', note });

test('a draft changes nothing until it is published, and then takes effect', async () => {
  expect(await put('course', course())).toMatchObject({
    status: 201,
    body: { id: 'course', status: 'draft', version: null, draft: true },
  });
  expect((await api.admin('GET', '/v1/journeys/course')).status).toBe(404);
  expect(await publish('course', 'first')).toMatchObject({
    status: 200,
    body: { status: 'active', version: 1, draft: false },
  });
  expect(api.definitions.reactsTo).toContain('Course Begun');

  await api.write('/v1/track', { userId: 'ada', event: 'Course Begun', properties: { level: 2 } });
  expect(api.woken).toMatchObject([{ userId: 'ada', name: 'Course Begun' }]);
  await advanceUser(api, 'ada');
  expect(await api.admin('GET', '/v1/journeys/course')).toMatchObject({
    status: 200,
    body: {
      stored: { version: 1, status: 'active' },
      runs: { active: 1 },
      steps: [
        { step: 'hello', rates: { entered: 1, reach: 1, outcomes: { allowed: 1 }, sent: 0, click: null } },
        { step: 'a project', active: 1, rates: { entered: 1, outcomes: {} } },
      ],
      conversion: null,
    },
  });
});

test('a change or publication that names a revision is refused if the journey has changed since', async () => {
  const revisionOf = ({ body }: Answer): string => (body as { revision: string }).revision;
  const putOn = (revision: string, body: JsonObject): Promise<Answer> =>
    api.admin('PUT', `/v1/journeys/shared?revision=${revision}`, body);
  const publishOf = (revision: string): Promise<Answer> => act('shared', 'publish', { author: 'grace', revision });
  expect((await putOn('unknown', course())).status).toBe(409);
  expect((await api.admin('GET', '/v1/definitions/shared')).status).toBe(404);

  const graces = revisionOf(await put('shared', course()));
  const adas = revisionOf(await putOn(graces, course({ exit: ['Project Created'] })));
  expect(adas).not.toBe(graces);
  expect((await putOn(graces, course())).status).toBe(409);
  expect((await publishOf(graces)).status).toBe(409);
  const published = await publishOf(adas);
  expect(published).toMatchObject({ status: 200, body: { version: 1, draft: false } });
  expect((await putOn(adas, course())).status).toBe(409);
  expect(await putOn(revisionOf(published), course())).toMatchObject({ status: 200, body: { draft: true } });
});

test('every version is kept with its author and note, and an earlier one can be published again', async () => {
  await put('kept', course());
  await publish('kept', 'one');
  expect((await put('kept', course({ steps: [send('nudge')] }))).status).toBe(200);
  await publish('kept', 'two');
  expect(await act('kept', 'rollback', { version: 1, author: 'ada', note: 'two was wrong' })).toMatchObject({
    status: 200,
    body: { version: 3 },
  });
  const { body } = await api.admin('GET', '/v1/journeys/kept/versions');
  expect(body).toMatchObject({
    versions: [
      { version: 3, author: 'ada', note: 'two was wrong', definition: course() },
      { version: 2, author: 'grace', note: 'two' },
      { version: 1, note: 'one', definition: course() },
    ],
  });
  expect(await act('kept', 'rollback', { version: 9, author: 'ada' })).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/version' }] },
  });
});

test('a journey lists when each version began, by the version named in the timeline', async () => {
  const release = new Release(api.database.pool);
  const since = async (): Promise<unknown> => {
    const { body } = await api.admin('GET', '/v1/journeys/begun');
    return (body as { versions: unknown }).versions;
  };
  const begun = { enter: { kind: 'event', event: 'Begun' }, events: { Begun: { example: {} } } };
  await put('begun', course(begun));
  await publish('begun');
  expect(await since()).toEqual([]);
  await release.become(api.definitions);
  const { version: first } = api.definitions;
  await api.write('/v1/track', { userId: 'eve', event: 'Begun' });
  await advanceUser(api, 'eve');
  const { body } = await api.admin('GET', '/v1/users/eve/timeline');
  const steps = (body as { entries: { kind: string; details: JsonObject }[] }).entries.filter(
    ({ kind }) => kind === 'step',
  );
  expect(steps.map(({ details }) => details['version'])).toEqual([first, first]);

  await put('another', course());
  await publish('another');
  await release.become(api.definitions);
  await put('begun', course({ ...begun, steps: [wait] }));
  await publish('begun');
  await release.become(api.definitions);
  expect(await since()).toEqual([
    { version: api.definitions.version, since: expect.any(String) },
    { version: first, since: expect.any(String) },
  ]);
  const listed = (await api.admin('GET', '/v1/journeys')).body as { journeys: { id: string; since: string | null }[] };
  expect(listed.journeys.find(({ id }) => id === 'onboarding')?.since).toEqual(expect.any(String));
});

test('a journey can be paused, resumed and archived; other changes of status are refused', async () => {
  await put('stopped', course());
  expect((await act('stopped', 'pause')).status).toBe(409);
  await publish('stopped');
  expect(await act('stopped', 'pause')).toMatchObject({ status: 200, body: { status: 'paused' } });
  expect(await act('stopped', 'pause')).toMatchObject({ status: 200, body: { status: 'paused' } });
  expect(api.definitions.journeys.find(({ id }) => id === 'stopped')?.stored?.paused).toBe(true);
  await put('stopped', course({ steps: [wait] }));
  expect(await publish('stopped')).toMatchObject({ body: { status: 'paused', version: 2 } });
  expect(await act('stopped', 'resume')).toMatchObject({ body: { status: 'active' } });
  expect(await act('stopped', 'archive')).toMatchObject({ body: { status: 'archived' } });
  expect(api.definitions.journeys.some(({ id }) => id === 'stopped')).toBe(false);
  expect((await act('stopped', 'resume')).status).toBe(409);
  expect((await publish('stopped')).status).toBe(409);
  expect(await api.admin('GET', '/v1/definitions/stopped')).toMatchObject({
    body: { status: 'archived', definition: { steps: [wait] } },
  });
});

test('ids of journeys in code and ids that are not valid are refused', async () => {
  expect(await put('onboarding', course())).toMatchObject({ status: 409 });
  expect(await act('onboarding', 'pause')).toMatchObject({ status: 409 });
  for (const id of ['Not%20An%20Id', 'api', 'x'.repeat(81)])
    expect(await put(id, course())).toMatchObject({ status: 422, body: { errors: [{ pointer: 'id' }] } });
  expect((await act('nobody-knows', 'pause')).status).toBe(404);
});

test.each<[string, JsonObject, string]>([
  ['no steps', course({ steps: [] }), '/steps'],
  ['an unknown field', course({ colour: 'red' }), ''],
  ['an unknown kind of step', course({ steps: [{ kind: 'jump', step: 'x' }] }), '/steps/0/kind'],
  [
    'a duration that is not valid',
    course({ steps: [{ kind: 'sleep', step: 'x', duration: 'soon' }] }),
    '/steps/0/duration',
  ],
  ['an unknown event', course({ exit: ['Nowhere'] }), '/exit/0'],
  ['an unknown template', course({ steps: [wait, send('missing')] }), '/steps/1/messages/0/template'],
  ['a stage that no rule leads to', course({ enter: { kind: 'stage', stage: 'gone' } }), '/enter'],
  [
    'a condition on an unknown fact',
    course({ steps: [{ kind: 'check', step: 'x', if: { '==': [{ var: 'user.email' }, 1] } }] }),
    '/steps/0/if/==/0/var',
  ],
  ['more paths than can be walked', course({ steps: Array.from({ length: 11 }, (_, n) => check(n)) }), '/steps'],
  ['a wait that never ends', course({ steps: [send(), forEver] }), '/steps/1/within'],
  ['a step that no path reaches', course({ steps: [{ kind: 'exit', step: 'out' }, send()] }), '/steps/1'],
  ['a branch that no path takes', course({ exit: ['*'], steps: [{ ...wait, then: [send()] }] }), '/steps/0/then/0'],
  [
    'a path that ends without the goal or an exit',
    course({ goal: { event: 'Project Created' }, steps: [wait] }),
    '/goal',
  ],
  ['the end of a journey that it does not start', course({ exit: [{ ended: 'nowhere' }], steps: [wait] }), '/exit'],
  ['too much data', course({ steps: [{ ...send(), data: { text: 'x'.repeat(300_000) } }] }), ''],
])('a definition with %s is refused, with the place of the error', async (_, body, pointer) => {
  const answer = await put('refused', body);
  expect(answer.status).toBe(422);
  expect((answer.body as { errors: { pointer: string }[] }).errors.map((error) => error.pointer)).toContain(pointer);
});

test('all errors are listed at once, each once and with its place', async () => {
  const steps = [send('missing'), forEver, { kind: 'exit', step: 'out' }, { ...wait, step: 'late' }];
  const { body } = await put('refused', course({ steps }));
  expect((body as { errors: { pointer: string }[] }).errors.map(({ pointer }) => pointer)).toEqual([
    '/steps/0/messages/0/template',
    '/steps/3',
    '/steps/1/within',
  ]);
});

test('steps with numbered names are not a loop', async () => {
  const steps = Array.from({ length: 60 }, (_, n) => ({ kind: 'sleep', step: `day ${n}`, duration: '1 day' }));
  expect(await put('long', course({ steps }))).toMatchObject({ status: 201, body: { paths: 1, truncated: false } });
});

test('more paths than are explored are not a defect, and the response says so', async () => {
  // Users may leave by each of these events on each of these days.
  const steps = Array.from({ length: 60 }, (_, n) => ({ kind: 'sleep', step: `day ${n}`, duration: '1 day' }));
  const exit = Array.from({ length: 20 }, (_, n) => `Exit ${n}`);
  const events = Object.fromEntries(['Course Begun', ...exit].map((name) => [name, { example: {} }]));
  expect(await put('wide', course({ events, exit, steps }))).toMatchObject({
    status: 201,
    body: { truncated: true },
  });
});

/** The longest wait of another request while the paths of a draft are explored, as a share of the exploration. */
async function longestWait(id: string): Promise<number> {
  // The engine itself pauses only where the code returns: here that is once, at the end of all these days.
  const steps = Array.from({ length: 100 }, (_, n) => ({ kind: 'sleep', step: `day ${n}`, duration: '1 day' }));
  const exit = Array.from({ length: 20 }, (_, n) => `Exit ${n}`);
  const events = Object.fromEntries(['Course Begun', ...exit].map((name) => [name, { example: {} }]));
  const draft = { kept: false };
  const putting = put(id, course({ events, exit, steps })).finally(() => (draft.kept = true));
  const began = performance.now();
  let longest = 0;
  while (!draft.kept) {
    const asked = performance.now();
    await api.call('GET', '/healthz');
    longest = Math.max(longest, performance.now() - asked);
  }
  expect((await putting).status).toBe(201);
  return longest / (performance.now() - began);
}

test('other requests are served while the paths of a draft are explored', async () => {
  // Without yielding, a request would wait for nearly all of it. Three attempts, because a machine may stall for a moment.
  const shares = [await longestWait('slow'), await longestWait('slower'), await longestWait('slowest')];
  expect(Math.min(...shares)).toBeLessThan(0.5);
});

test('a published version can be published again even if the current checks find defects in it', async () => {
  await put('old', course());
  await publish('old');
  const definition = JSON.stringify(course({ steps: [forEver] }));
  await api.database.knex('journey_versions').where({ journey: 'old' }).update({ definition });
  expect(await act('old', 'rollback', { version: 1, author: 'ada' })).toMatchObject({ status: 200 });
  await api.database.knex('stored_journeys').where({ id: 'old' }).update({ draft: definition });
  expect(await publish('old')).toMatchObject({ status: 422, body: { errors: [{ pointer: '/steps/0/within' }] } });
});

test('a journey may go on declaring an event that is now in the catalogue, but a new draft may not declare it', async () => {
  const begun = (event: string): JsonObject =>
    course({ enter: { kind: 'event', event }, events: { [event]: { example: { plan: 'pro' } } } });
  await put('ahead', begun('Begun Ahead'));
  await publish('ahead');
  // As if a deployment had since added the declared event to the catalogue.
  const definition = JSON.stringify(begun('Signed Up'));
  await api.database.knex('journey_versions').where({ journey: 'ahead' }).update({ definition });
  expect(await act('ahead', 'pause')).toMatchObject({ body: { status: 'paused', problems: [] } });
  expect(api.definitions.journeys.find(({ id }) => id === 'ahead')?.enter).toMatchObject({ name: 'Signed Up' });
  expect(await act('ahead', 'rollback', { version: 1, author: 'ada' })).toMatchObject({ status: 200 });
  expect(await put('ahead', begun('Signed Up'))).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/events/Signed Up' }] },
  });
});

test('a former version that is no longer valid does not stop the current one, and every response reports it', async () => {
  await put('outlived', course());
  await publish('outlived');
  await put('outlived', course({ version: 'finish' }));
  expect(await publish('outlived')).toMatchObject({ status: 200, body: { status: 'active', problems: [] } });
  // As if a deployment had since removed the event from the catalogue.
  const definition = JSON.stringify(course({ exit: ['Gone'] }));
  await api.database.knex('journey_versions').where({ journey: 'outlived', version: 1 }).update({ definition });
  await put('outlived', course());
  const problems = [expect.stringMatching(/^outlived, version 1, is left out.*'Gone'/)];
  expect(await publish('outlived')).toMatchObject({ status: 200, body: { status: 'active', version: 3, problems } });
  expect(await api.admin('GET', '/v1/journeys/outlived')).toMatchObject({
    status: 200,
    body: { stored: { version: 3 } },
  });
  expect(await api.admin('GET', '/v1/definitions/outlived')).toMatchObject({ body: { problems } });
  expect(api.log).toContainEqual({ problem: problems[0] });
});

test('a preview does not touch users who finish on a version that is no longer valid', async () => {
  const begun = { enter: { kind: 'event', event: 'Stay Begun' }, events: { 'Stay Begun': { example: {} } } };
  await put('stay', course(begun));
  await publish('stay');
  await api.write('/v1/track', { userId: 'barbara', event: 'Stay Begun' });
  await advanceUser(api, 'barbara');
  const definition = JSON.stringify(course({ ...begun, exit: ['Gone'] }));
  await api.database.knex('journey_versions').where({ journey: 'stay' }).update({ definition });
  expect(await act('stay', 'preview', course({ ...begun, steps: [send()], version: 'finish' }))).toMatchObject({
    status: 200,
    body: {
      inFlight: {
        rows: [{ change: 'left alone', step: 'a project', why: 'its version does not fit any more', count: 1 }],
      },
    },
  });
});

test('characters that the database cannot hold and deep nesting cause no server error', async () => {
  expect((await put('odd', course({ steps: [{ ...send(), step: 'h\u0000i' }] }))).status).toBe(201);
  let deep: JsonObject = { kind: 'exit', step: 'x' };
  for (let n = 0; n < 1_000; n++) deep = { kind: 'check', step: `c${n}`, if: true, then: [deep] };
  expect((await put('deep', course({ steps: [deep] }))).status).toBe(422);
});

test('a preview reports what would happen to users in the journey, and changes nothing', async () => {
  const begun = { enter: { kind: 'event', event: 'Tour Begun' }, events: { 'Tour Begun': { example: {} } } };
  await put('tour', course({ ...begun, steps: [wait, send()] }));
  await publish('tour');
  for (const userId of ['grace', 'linus']) {
    await api.write('/v1/track', { userId, event: 'Tour Begun' });
    await advanceUser(api, userId);
  }
  const before = await api.database.knex('runs').where({ journey: 'tour' }).orderBy('id');
  await put('tour', course({ ...begun, steps: [send()] }));
  expect(await act('tour', 'preview')).toMatchObject({
    status: 200,
    body: {
      paths: 1,
      awaits: [],
      longestMs: 0,
      messages: { inApp: { path: 1 }, total: { week: 1 } },
      truncated: false,
      inFlight: {
        rows: expect.arrayContaining([expect.objectContaining({ change: 'released', step: 'hello', count: 2 })]),
      },
    },
  });
  const finishing = course({ ...begun, steps: [send()], version: 'finish' });
  expect(await act('tour', 'preview', finishing)).toMatchObject({
    body: { inFlight: { rows: [{ change: 'stays', step: 'a project', count: 2 }] } },
  });
  expect(await api.database.knex('runs').where({ journey: 'tour' }).orderBy('id')).toEqual(before);
  expect((await act('nobody-knows', 'preview')).status).toBe(404);
  expect((await act('onboarding', 'preview', course())).status).toBe(409);
});
