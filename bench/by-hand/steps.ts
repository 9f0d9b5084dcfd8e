import type { Pool } from 'pg';
import { v5 } from 'uuid';
import type { Channel } from '../../activities/channels/channel';
import type { JsonObject } from '../../engine/model/json';
import type { RecordedEvent } from '../../engine/model/state';

/** A mail to send. Each step of the journey uses the template of the same name. */
export interface Mail {
  readonly userId: string;
  readonly step: string;
}

/** The steps of the journey that have effects. Each is idempotent. */
export interface WelcomeSteps {
  enter(userId: string): Promise<void>;
  send(mail: Mail): Promise<void>;
  leave(userId: string, status: 'completed' | 'exited'): Promise<void>;
}

const JOURNEY = 'welcome-aboard';

const ENTER = `
INSERT INTO runs (id, user_id, status, position, entered_at) VALUES ($1, $2, 'active', 'entered', $3)
ON CONFLICT (id) DO NOTHING`;

/** Runs before the mail, in one round trip: stores the message and the position of the run, and reads what the template needs. */
const BEGIN = `
WITH message AS (
  INSERT INTO messages (id, user_id, run_id, step, channel, template, status, decided_at)
  VALUES ($1, $2, $3, $4, 'email', $4, 'sending', $5)
  ON CONFLICT (id) DO NOTHING
), run AS (
  UPDATE runs SET position = $4 WHERE id = $3
)
SELECT u.traits, e.message_id AS id, e.name, e.at, e.properties, m.status
FROM users u
JOIN events e ON e.user_id = u.id AND e.name = 'Signed Up'
LEFT JOIN messages m ON m.id = $1
WHERE u.id = $2 ORDER BY e.at LIMIT 1`;

const SENT = "UPDATE messages SET status = 'sent', sent_at = $2, provider_id = $3 WHERE id = $1";

const LEAVE = 'UPDATE runs SET status = $2, ended_at = $3, position = NULL WHERE id = $1';

interface BeginRow extends RecordedEvent {
  readonly traits: JsonObject;
  /** The status of the message before this statement; null for a new message. */
  readonly status: string | null;
}

/** Creates the steps of the journey for the sides written by hand. All sides share the same email channel. */
export function createSteps(pool: Pool, email: Channel): WelcomeSteps {
  return {
    enter: async (userId) => {
      await pool.query({ name: 'enter', text: ENTER, values: [runOf(userId), userId, Date.now()] });
    },
    send: async ({ userId, step }) => {
      const runId = runOf(userId);
      const id = v5(step, runId);
      const values = [id, userId, runId, step, Date.now()];
      const { rows } = await pool.query<BeginRow>({ name: 'begin', text: BEGIN, values });
      const [row] = rows;
      if (!row) throw new Error(`Expected a 'Signed Up' event of user '${userId}', found none`);
      const { traits, status, ...event } = row;
      if (status === 'sent') return;
      const user = { id: userId, traits, stage: 'new' };
      const delivery = await email.deliver(
        {
          ...{ id, journey: JOURNEY, step, template: step, user, event, data: {}, steps: {}, transactional: false },
          ttlMs: 86_400_000,
          confirm: async () => undefined,
        },
        AbortSignal.timeout(60_000),
      );
      if (delivery.outcome !== 'sent') throw new Error(`Expected the mail to be sent, got '${delivery.outcome}'`);
      await pool.query({ name: 'sent', text: SENT, values: [id, Date.now(), delivery.providerId] });
    },
    leave: async (userId, status) => {
      await pool.query({ name: 'leave', text: LEAVE, values: [runOf(userId), status, Date.now()] });
    },
  };
}

function runOf(userId: string): string {
  return v5(`${userId}/${JOURNEY}`, v5.URL);
}
