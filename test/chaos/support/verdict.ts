import { takeStock, type Counts } from './account';
import type { Person } from './cast';
import type { Deployment } from './deployment';
import { actualStories, expectedStory } from './story';

/** Expects the stored decisions to match the engine's, every mail to have arrived, and none more often than it was attempted. */
export async function expectExactlyOnce({ database, smtp }: Deployment, people: readonly Person[]): Promise<Counts> {
  const expected = new Map(
    await Promise.all(people.map(async (person) => [person.id, await expectedStory(person)] as const)),
  );
  expect(await actualStories(database)).toEqual(expected);
  const { counts, ...account } = await takeStock(database, smtp);
  expect(account).toEqual({ lost: [], unrecorded: [], unexplained: [], disguised: [] });
  return counts;
}
