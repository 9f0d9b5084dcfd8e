import type { TestApi } from '../api/server';

/** The instant of `Signed Up`, where a client can be told when something happened. */
export const SIGNED_UP_AT = '2024-05-01T10:00:00.123Z';

/** The calls that every client makes, and the names they are stored under. */
const STORED = {
  identify: 'Identify',
  track: 'Signed Up',
  page: 'Page Viewed',
  screen: 'Screen Viewed',
  group: 'Group',
  alias: 'Alias',
} as const;

export interface Expected {
  readonly user: string;
  /** The calls that the client has. */
  readonly calls: readonly (keyof typeof STORED)[];
  /** The real instant at which the client began, in epoch milliseconds. */
  readonly since: number;
  /** Whether the client could be told when `Signed Up` happened. */
  readonly timed: boolean;
}

/** Expects every call to be stored once, under the right user, name and time, and the profile to be what they say. */
export async function expectStored(api: TestApi, { user, calls, since, timed }: Expected): Promise<void> {
  const found: { name: string; at: string; properties: object }[] = await api.database
    .knex('events')
    .where({ user_id: user })
    .orderBy('name')
    .select('name', 'at', 'properties');
  expect(found.map(({ name }) => name)).toEqual(calls.map((call) => STORED[call]).sort());
  for (const { name, at } of found) {
    const given = timed && name === STORED.track;
    if (given) expect([name, new Date(Number(at)).toISOString()]).toEqual([name, SIGNED_UP_AT]);
    else expect([name, Number(at) >= since, Number(at) <= Date.now()]).toEqual([name, true, true]);
  }
  expect(found.find(({ name }) => name === STORED.track)?.properties).toMatchObject({ plan: 'free' });
  const { body } = await api.admin('GET', `/v1/users/${encodeURIComponent(user)}`);
  expect(body).toMatchObject({
    id: user,
    previousIds: expect.arrayContaining([`anon:before ${user}`]) as unknown,
    traits: { email: 'ada@example.com', groups: { acme: { name: 'Acme' } } },
  });
}
