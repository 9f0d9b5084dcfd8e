import { chats } from '../../engine/chats/define';
import { systemClock } from '../../engine/model/clock';
import { asUser } from './as-user';
import { startApi, testDefinitions, type Answer, type TestApi } from './server';

/** Chats for tests: one of phrases in two languages, and one with text. */
export const testChats = chats({
  delivery: {
    roles: {
      customer: {
        label: { en: 'Customer', de: 'Kundin' },
        phrases: { here: { en: 'I am at the door', de: 'Ich bin an der Tür' }, wait: 'Please wait' },
      },
      courier: {
        label: { en: 'Courier', de: 'Kurier' },
        phrases: { arrived: { en: 'I have arrived', de: 'Ich bin da' } },
      },
    },
    keep: '7 days',
  },
  help: { roles: { guest: { label: 'Guest' }, host: { label: 'Host' }, guide: { label: 'Guide' } }, text: true },
});

/** The state of an app, as far as it is about conversations. */
export interface ChatState {
  readonly chats: readonly {
    readonly key: string;
    readonly open: boolean;
    readonly blocked: boolean;
    readonly unread: number;
    readonly others: readonly object[];
    readonly messages: readonly { readonly id: string; readonly role: string; readonly text: string }[];
  }[];
}

/** An API whose definitions have chats. */
export class ChatWorld {
  private constructor(readonly api: TestApi) {}

  /** The clock of the journeys stands still, so that no minute passes. */
  static async start(): Promise<ChatWorld> {
    const started = Date.now();
    const code = { ...(await testDefinitions()), chats: testChats };
    return new ChatWorld(await startApi({ code, clock: { ...systemClock, now: () => started } }));
  }

  /** Opens a conversation. `people` are user ids by their role. */
  async open(path: string, people: Readonly<Record<string, string>>): Promise<Answer> {
    const participants = Object.entries(people).map(([role, userId]) => ({ userId, role, name: `Name of ${userId}` }));
    return this.api.admin('PUT', `/v1/chats/${path}`, { participants });
  }

  say(userId: string, path: string, said: object): Promise<Answer> {
    return asUser(this.api, userId, 'POST', `/v1/chats/${path}/messages`, said);
  }

  react(userId: string, path: string, reaction: 'seen' | 'report' | 'block', body?: object): Promise<Answer> {
    return asUser(this.api, userId, 'POST', `/v1/chats/${path}/${reaction}`, body);
  }

  async state(userId: string): Promise<ChatState> {
    return (await asUser(this.api, userId, 'GET', '/v1/in-app')).body as ChatState;
  }

  /** The events of a user that conversations led to, in their order. */
  async events(userId: string): Promise<{ name: string; properties: object; active: boolean }[]> {
    return this.api.database
      .knex('events')
      .where({ user_id: userId })
      .whereLike('name', 'Chat %')
      .orderBy('id')
      .select('name', 'properties', 'active');
  }

  stop(): Promise<void> {
    return this.api.stop();
  }
}
