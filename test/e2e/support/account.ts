import { until } from '../../support/until';
import type { Installation } from './installation';
import type { Person } from './person';
import { sentBy, type Entry } from './story';

/**
 * Holds what arrived against what is recorded: each person's mails and pushes are those their timeline says were sent, once
 * each, nobody else got any, and nothing in a timeline is without its reason.
 */
export async function expectAccountedFor({ smtp, troubles }: Installation, people: readonly Person[]): Promise<void> {
  for (const person of people) {
    const entries = await until('nothing is on its way', () => delivered(person));
    expect(entries.filter(({ reason }) => reason === '')).toEqual([]);
    const mails = person.mails().map(({ messageId }) => messageId);
    expect(mails).toEqual(idsOf('email', entries).map((id) => `<${id}@localhost>`));
    const pushes = person.pushes.map(({ payload }) => (payload as { readonly messageId: string }).messageId);
    expect(pushes).toEqual(idsOf('webPush', entries));
  }
  expect(smtp.messages).toHaveLength(people.flatMap((person) => person.mails()).length);
  expect(troubles).toEqual([]);
}

/** A person's timeline; null while a message is on its way. */
export async function delivered(person: Person): Promise<readonly Entry[] | null> {
  const entries = await person.timeline();
  const open = entries.some(({ kind, what }) => kind === 'message' && ['queued', 'sending', 'retrying'].includes(what));
  return open ? null : entries;
}

function idsOf(channel: string, entries: readonly Entry[]): string[] {
  return sentBy(channel, entries).map(({ details }) => details.id ?? '');
}
