import { until } from '../../support/until';
import type { Installation } from './installation';
import type { Person } from './person';
import { sentBy, type Entry } from './story';

/**
 * Compares what arrived with the timelines. Expects that each person got exactly the mails and pushes that their timeline lists as
 * sent, those of one run in the order of its steps, that nobody else got any, and that each entry of a timeline has a reason.
 */
export async function expectAccountedFor({ smtp, errors }: Installation, people: readonly Person[]): Promise<void> {
  for (const person of people) {
    const entries = await until('no message is being delivered', () => delivered(person));
    expect(entries.filter(({ reason }) => reason === '')).toEqual([]);
    const mails = person.mails().map(({ messageId }) => messageId);
    expectArrived(mails, sentBy('email', entries), entries, (id) => `<${id}@localhost>`);
    const pushes = person.pushes.map(({ payload }) => (payload as { readonly messageId: string }).messageId);
    expectArrived(pushes, sentBy('webPush', entries), entries);
  }
  expect(smtp.messages).toHaveLength(people.flatMap((person) => person.mails()).length);
  expect(errors).toEqual([]);
}

/**
 * Expects that exactly the messages arrived that were sent by one channel. Only those of the same run have an order, unless one of them
 * was tried again.
 * @param arrived the ids as they arrived, in order
 * @param asArrived how an id arrives
 */
function expectArrived(
  arrived: readonly string[],
  sent: readonly Entry[],
  entries: readonly Entry[],
  asArrived = (id: string): string => id,
): void {
  const ids = (some: readonly Entry[]): string[] => some.map(({ details }) => asArrived(details.id ?? ''));
  expect(arrived.toSorted()).toEqual(ids(sent).sort());
  for (const run of new Set(sent.map(({ details }) => details.run))) {
    const steps = entries.filter(({ kind, details }) => kind === 'step' && details.run === run).map(({ what }) => what);
    const place = ({ details }: Entry): number => steps.indexOf(details.step ?? '');
    const ordered = sent.filter(({ details }) => details.run === run && details.attempts === 1);
    const expected = ids(ordered.toSorted((a, b) => place(a) - place(b)));
    expect(arrived.filter((id) => expected.includes(id))).toEqual(expected);
  }
}

/** Returns a person's timeline; null while a message is being delivered. */
export async function delivered(person: Person): Promise<readonly Entry[] | null> {
  const entries = await person.timeline();
  const open = entries.some(({ kind, what }) => kind === 'message' && ['queued', 'sending', 'retrying'].includes(what));
  return open ? null : entries;
}
