import type { Chat } from './chat';
import { chats } from './define';

const roles = { customer: { label: 'Customer', phrases: { here: 'I am here' } }, courier: { label: 'Courier' } };

it('declares chats, with what is left out filled in', () => {
  const { byName } = chats({ delivery: { roles, keep: '7 days' }, 'a.b-c_1': { roles, text: true } });
  expect(byName.delivery).toEqual({
    kind: 'chat',
    name: 'delivery',
    roles: { customer: roles.customer, courier: { label: 'Courier', phrases: {} } },
    text: false,
    keepMs: 7 * 86_400_000,
  });
  expect(byName['a.b-c_1']).toMatchObject({ text: true, keepMs: 30 * 86_400_000 });
});

it('the types know the roles of a chat', () => {
  const one: Chat<'customer' | 'courier'> = chats({ delivery: { roles } }).byName.delivery;
  expect(one.name).toBe('delivery');
  // @ts-expect-error there is no such role
  const other: Chat<'driver'> = one;
  expect(other.name).toBe('delivery');
});

it.each<[string, unknown, string]>([
  ['no roles', {}, 'roles: must be an object of roles'],
  ['one role', { roles: { a: { label: 'A' } } }, 'roles: must have 2 to 10 roles'],
  ['a role without a label', { roles: { a: { label: 'A' }, b: {} } }, 'roles.b.label: must be a text of 1 to 40'],
  ['an empty label', { roles: { a: { label: 'A' }, b: { label: '' } } }, 'roles.b.label: must be a text of 1 to 40'],
  [
    'a role with a space',
    { roles: { 'a b': { label: 'A' }, b: { label: 'B' } } },
    'roles: must have names of 1 to 100 letters',
  ],
  [
    'a phrase that is too long',
    { roles: { ...roles, b: { label: 'B', phrases: { x: 'x'.repeat(201) } } } },
    'roles.b.phrases.x: must be a text of 1 to 200',
  ],
  [
    'a language that is none',
    { roles: { ...roles, b: { label: { 'not a language': 'B' } } } },
    'roles.b.label: must be a text of 1 to 40 characters, or one for each language',
  ],
  ['a text that is neither true nor false', { roles, text: 'yes' }, 'text: must be true or false'],
  ['a time that is none', { roles, keep: 'a month' }, "keep: Not a duration: 'a month'"],
  ['no time', { roles, keep: '0 days' }, 'keep: must be more than no time'],
  ['a misspelled member', { roles, texts: true }, '"texts"'],
])('%s is refused, and the error names the chat', (_, chat, expected) => {
  const define = (): unknown => chats({ delivery: chat } as never);
  expect(define).toThrow(TypeError);
  expect(define).toThrow(`chats: 'delivery', `);
  expect(define).toThrow(expected);
});

it.each(['', 'with space', 'a/b', 'ä', 'x'.repeat(101)])("'%s' can't be the name of a chat", (name) => {
  expect(() => chats({ [name]: { roles } })).toThrow("can't be the name of a chat");
});
