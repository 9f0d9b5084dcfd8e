import type { Chat, ChatOptions, Chats } from './chat';
import { CHAT_NAME, readChat } from './schema';

/**
 * Declares the chats of the app, by name, in which two people or more exchange phrases, and text if it is allowed:
 * `chats({ delivery: { roles: { customer: { label: 'Customer', phrases: { here: 'I am at the door' } }, courier: { … } } } })`.
 * Steps of journeys take `chats(…).byName.delivery`, or its name.
 * @throws {TypeError} when a name, a role or a phrase is not valid, naming the chat
 */
export function chats<const Given extends Readonly<Record<string, ChatOptions>>>(
  definitions: Given,
): Chats<{ readonly [Name in keyof Given & string]: Chat<keyof Given[Name]['roles'] & string> }> {
  const byName: Record<string, Chat> = {};
  for (const [name, options] of Object.entries(definitions)) {
    if (!CHAT_NAME.test(name))
      throw new TypeError(
        `chats: '${name}' can't be the name of a chat. Expected 1 to 100 letters, digits, dots, hyphens or underscores.`,
      );
    const read = readChat(options);
    if ('mistake' in read) throw new TypeError(`chats: '${name}', ${read.mistake.replace(/\.?$/, '.')}`);
    const { roles, text, keep } = read.chat;
    byName[name] = { kind: 'chat', name, roles, text, keepMs: keep };
  }
  return { kind: 'chats', byName } as ReturnType<typeof chats<Given>>;
}
