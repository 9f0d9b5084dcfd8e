import { until } from '../../support/until';
import type { Installation } from './installation';
import type { Person } from './person';
import { sentBy, type Entry } from './story';

/**
 * Compares what arrived with the timelines. Expects that each person got exactly the mails and pushes that their timeline lists as
 * sent, that nobody else got any, and that each entry of a timeline has a reason.
 */
export async function expectAccountedFor({ smtp, errors }: Installation, people: readonly Person[]): Promise<void> {
  for (const person of people) {
    const entries = await until('no message is being delivered', () => delivered(person));
    expect(entries.filter(({ reason }) => reason === '')).toEqual([]);
    const mails = person.mails().map(({ messageId }) => messageId);
    expect(mails).toEqual(idsOf('email', entries).map((id) => `<${id}@localhost>`));
    const pushes = person.pushes.map(({ payload }) => (payload as { readonly messageId: string }).messageId);
    expect(pushes).toEqual(idsOf('webPush', entries));
  }
  expect(smtp.messages).toHaveLength(people.flatMap((person) => person.mails()).length);
  expect(errors).toEqual([]);
}

/** Returns a person's timeline; null while a message is being delivered. */
export async function delivered(person: Person): Promise<readonly Entry[] | null> {
  const entries = await person.timeline();
  const open = entries.some(({ kind, what }) => kind === 'message' && ['queued', 'sending', 'retrying'].includes(what));
  return open ? null : entries;
}

function idsOf(channel: string, entries: readonly Entry[]): string[] {
  return sentBy(channel, entries).map(({ details }) => details.id ?? '');
}
