import { Webhook } from 'standardwebhooks';
import { signAnswer, signConfirm, signPreferences, signUnsubscribe, signUserToken } from '../../config/tokens';
import { signClick, signOpen } from '../../config/tracked-links';
import { flags } from '../../engine/flags/define';
import { topics } from '../../engine/topics/define';
import { realClock } from '../../engine/model/clock';
import {
  CONVERSATION,
  DEVICE_EXAMPLE,
  HEARD_ID,
  JOURNEY_EXAMPLE,
  MESSAGE_ID,
  SUBSCRIPTION_EXAMPLE,
  SWITCH_EXAMPLE,
} from '../../api/examples/requests';
import { Release } from '../../store/releases';
import { testChats } from './chat-world';
import { advanceUser } from './engine';
import { ADMIN_KEY, RECEIPTS_SECRET, SECRET, startApi, testDefinitions, WRITE_KEY, type TestApi } from './server';

/** When the examples happen: 5 January 2026, 12:00 UTC. */
const NOW = Date.UTC(2026, 0, 5, 12);
const HOUR_MS = 3_600_000;

const FILES = ['sojourn.js', 'chunks/modal-4F2A.js', 'gallery/page.html', 'gallery/frame.html', 'gallery/page.css'];
const QUESTION = {
  kind: 'prompt',
  title: 'Do you enjoy it?',
  body: 'Your answer helps us.',
  choices: [
    { value: 'yes', label: 'Yes' },
    { value: 'no', label: 'Not yet' },
  ],
};

/** The same question, as a message with links asks it. */
const LINKED = { step: 'ask', text: QUESTION.title, choices: QUESTION.choices };

/** An API in which everything exists that the examples of the OpenAPI document name. */
export class ExampleWorld {
  private constructor(readonly api: TestApi) {}

  static async start(): Promise<ExampleWorld> {
    const code = {
      ...(await testDefinitions()),
      chats: testChats,
      topics: topics({
        digest: {
          title: { en: 'Weekly digest', de: 'Wochenbrief' },
          description: 'What changed in your projects',
          frequencies: ['all', 'weekly'],
        },
      }),
      flags: flags({
        'new-checkout': { default: false, rules: [{ when: { traits: { plan: 'free' } }, value: true }] },
      }),
    };
    const api = await startApi({
      code,
      clock: realClock(() => NOW),
      sdk: new Map(FILES.map((name) => [name, Buffer.from('example')])),
      vapidPublicKey: SUBSCRIPTION_EXAMPLE.keys.p256dh,
    });
    const world = new ExampleWorld(api);
    await new Release(api.database.pool).become(api.definitions);
    await world.meetAda();
    return world;
  }

  /** Makes what the example of an operation needs, beyond Ada herself. */
  async prepare(operation: string): Promise<void> {
    const { api } = this;
    switch (operation) {
      case 'leaveJourney':
        await api.write('/v1/track', { userId: 'ada', event: 'Order Placed', properties: { orderId: 'order-7' } });
        return advanceUser(api, 'ada');
      case 'getInbox':
      case 'answer':
      case 'react':
      case 'getInApp':
      case 'answerPage':
      case 'answerByLink':
        return this.ask();
      case 'listSuppressions':
        await api.database.knex('suppressed_addresses').delete();
        return;
      case 'removeSuppression':
        await api.admin('POST', '/v1/suppressions', {
          suppressions: [{ channel: 'email', address: 'ada@example.com', reason: 'bounced' }],
        });
        return;
      case 'confirmPage':
      case 'confirmTopic':
        await api.database
          .knex('users')
          .where({ id: 'ada' })
          .update({ topics: { digest: { standing: 'pending' } } });
        return;
      case 'removePushSubscription':
        await this.as('POST', '/v1/push/subscriptions', SUBSCRIPTION_EXAMPLE);
        return;
      case 'removePushDevice':
        await this.as('POST', '/v1/push/devices', DEVICE_EXAMPLE);
        return;
      case 'closeChat':
      case 'getChat':
      case 'sayInChat':
      case 'seeInChat':
      case 'reportInChat':
      case 'blockInChat':
        return this.talk();
      case 'publishJourney':
      case 'previewJourney':
      case 'getDefinition':
      case 'listDefinitions':
        await this.forgetStoredJourney();
        await api.admin('PUT', '/v1/journeys/first-steps', JOURNEY_EXAMPLE);
        return;
      case 'listSwitches':
      case 'liftSwitch':
        // The list of changes begins with this one.
        await api.database.pool.query('TRUNCATE switches, switch_changes');
        await api.admin('PUT', '/v1/switches/channel:email', SWITCH_EXAMPLE);
        return;
      case 'rollBackJourney':
      case 'pauseJourney':
      case 'resumeJourney':
      case 'archiveJourney':
      case 'listJourneyVersions':
        await this.forgetStoredJourney();
        await api.admin('PUT', '/v1/journeys/first-steps', JOURNEY_EXAMPLE);
        await api.admin('POST', '/v1/journeys/first-steps/publish', { author: 'grace', note: 'The first version' });
    }
  }

  /** The headers that prove who sends a request, by the scheme of the document. */
  async credentials(scheme: string | undefined): Promise<Record<string, string>> {
    switch (scheme) {
      case undefined:
        return {};
      case 'writeKey':
        return { authorization: `Basic ${btoa(`${WRITE_KEY}:`)}` };
      case 'adminKey':
        return { authorization: `Bearer ${ADMIN_KEY}` };
      default:
        return { authorization: `Bearer ${await signUserToken(SECRET, 'ada', HOUR_MS, NOW)}` };
    }
  }

  /** The signature of a body with receipts. */
  signature(body: string): Record<string, string> {
    const at = new Date();
    const id = 'example';
    return {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
      'webhook-signature': new Webhook(RECEIPTS_SECRET).sign(id, at, body),
    };
  }

  /** What stands for the token that an example of a link shortens. */
  link(operation: string): string {
    if (operation === 'openPicture') return signOpen(SECRET, MESSAGE_ID);
    if (operation === 'followLink') return signClick(SECRET, { messageId: MESSAGE_ID, url: `${this.api.url}/healthz` });
    if (operation.endsWith('PreferencePage') || operation === 'preferencePage') return signPreferences(SECRET, 'ada');
    if (operation.startsWith('confirm'))
      return signConfirm(SECRET, { userId: 'ada', topic: 'digest', until: NOW + HOUR_MS });
    return operation.startsWith('unsubscribe')
      ? signUnsubscribe(SECRET, { userId: 'ada', channel: 'email', messageId: MESSAGE_ID })
      : signAnswer(SECRET, { messageId: MESSAGE_ID, value: 'yes' });
  }

  stop(): Promise<void> {
    return this.api.stop();
  }

  /** Each example of a stored journey begins with none. */
  private async forgetStoredJourney(): Promise<void> {
    const { pool } = this.api.database;
    await pool.query(`DELETE FROM journey_versions WHERE journey = 'first-steps'`);
    await pool.query(`DELETE FROM stored_journeys WHERE id = 'first-steps'`);
  }

  /** Ada has signed up, and waits in the journey `onboarding`. */
  private async meetAda(): Promise<void> {
    await this.api.write('/v1/identify', {
      userId: 'ada',
      traits: { email: 'ada@example.com', plan: 'free' },
      messageId: 'identify-ada',
    });
    await this.api.write('/v1/track', {
      userId: 'ada',
      event: 'Signed Up',
      properties: { plan: 'free' },
      messageId: 'ada-signed-up',
    });
    await advanceUser(this.api, 'ada');
  }

  /** Ada has a question in her inbox, and has not answered it. */
  private async ask(): Promise<void> {
    const { pool } = this.api.database;
    const { rows } = await pool.query<{ id: string }>(
      `SELECT id FROM runs WHERE user_id = 'ada' ORDER BY journey LIMIT 1`,
    );
    await pool.query('DELETE FROM messages WHERE id = $1', [MESSAGE_ID]);
    await pool.query(
      `INSERT INTO messages (id, user_id, run_id, journey, step, channel, template, status, transactional, data, decided_at, expires_at, sent_at, content)
       VALUES ($1, 'ada', $2, 'onboarding', 'ask', 'inApp', 'nudge', 'sent', true, $6, $3, $4, $3, $5)`,
      [
        MESSAGE_ID,
        rows[0]?.id,
        NOW - HOUR_MS,
        NOW + HOUR_MS,
        JSON.stringify(QUESTION),
        JSON.stringify({ question: LINKED }),
      ],
    );
  }

  /** Ada and her courier have a conversation, in which the courier has said something. */
  private async talk(): Promise<void> {
    const path = `/v1/chats/${CONVERSATION.chat}/${CONVERSATION.key}`;
    const participants = [
      { userId: 'ada', role: 'customer', name: 'Ada' },
      { userId: 'bo', role: 'courier', name: 'Bo' },
    ];
    await this.api.admin('PUT', path, { participants });
    await this.as('POST', `${path}/messages`, { id: HEARD_ID, phrase: 'arrived' }, 'bo');
  }

  private async as(method: string, path: string, body: object, userId = 'ada'): Promise<void> {
    const token = await signUserToken(SECRET, userId, HOUR_MS, NOW);
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    await this.api.call(method, path, { headers, body: JSON.stringify(body) });
  }
}
