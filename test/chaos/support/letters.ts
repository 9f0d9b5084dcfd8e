import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { until } from '../../support/until';
import { event, type Person } from './cast';
import type { Deployment } from './deployment';

/** Journeys with one mail. */
export const LETTER_JOURNEYS = join(__dirname, '..', 'journeys');

/** How people answer a mail that is still on its way. */
export const ANSWERS = ['unsubscribes', 'is erased', 'leaves', 'says nothing'] as const;
export type Answer = (typeof ANSWERS)[number];

/** Somebody who gets a letter. */
export interface Reader extends Pick<Person, 'id'> {
  readonly answer: Answer;
}

/** Lets people ask for a letter. Resolves when the letters of all of them are claimed by a worker. */
export async function askForLetters(deployment: Deployment, size: number): Promise<Reader[]> {
  const readers = Array.from({ length: size }, (_, index) => {
    return { id: randomUUID(), answer: ANSWERS[index % ANSWERS.length] ?? 'says nothing' };
  });
  for (const reader of readers) {
    const asked = event(reader, 'Letter Asked');
    await deployment.post([
      { ...asked, type: 'identify', messageId: randomUUID(), traits: { email: addressOf(reader) } },
      asked,
    ]);
  }
  await until('every letter is claimed', async () => {
    const { rowCount } = await deployment.database.pool.query(`SELECT FROM messages WHERE status = 'sending'`);
    return rowCount === size;
  });
  return readers;
}

/**
 * Gives the readers' answers, and requires the API to take each.
 * @returns when the last one was answered, epoch milliseconds
 */
export async function give(deployment: Deployment, readers: readonly Reader[]): Promise<number> {
  for (const reader of readers) {
    const { id, answer } = reader;
    if (answer === 'unsubscribes')
      expect(await deployment.admin('PUT', `/v1/users/${id}/consent`, { email: false })).toBe(200);
    if (answer === 'is erased') expect(await deployment.admin('DELETE', `/v1/users/${id}`)).toBe(204);
    if (answer === 'leaves') await deployment.post([event(reader, 'Account Closed')]);
  }
  return Date.now();
}

/** Waits until no letter is on its way. */
export async function letAllArrive({ database }: Deployment): Promise<void> {
  await until('no letter is on its way', async () => {
    const { rowCount } = await database.pool.query(`SELECT FROM messages WHERE status IN ('sending', 'retrying')`);
    return rowCount === 0;
  });
}

/** The readers whose letters the server has not read. */
export function withoutLetter(deployment: Deployment, readers: readonly Reader[]): Reader[] {
  const read = new Set(deployment.smtp.messages.map(({ to }) => to));
  return readers.filter((reader) => !read.has(addressOf(reader)));
}

/** How many copies each reader's letter arrived in, by answer: the different numbers. */
export function copies({ smtp }: Deployment, readers: readonly Reader[]): Record<Answer, number[]> {
  const count = (reader: Reader): number => smtp.messages.filter(({ to }) => to === addressOf(reader)).length;
  const numbers = ANSWERS.map((answer) => {
    return [answer, [...new Set(readers.filter((reader) => reader.answer === answer).map(count))].sort()];
  });
  return Object.fromEntries(numbers) as Record<Answer, number[]>;
}

function addressOf({ id }: Reader): string {
  return `${id}@example.com`;
}
