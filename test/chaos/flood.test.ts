import { createClient } from '../../temporal/connection';
import { workflowId } from '../../temporal/signal';
import { SHIPPED_JOURNEYS } from '../support/lifecycle';
import { testTemporal } from '../support/temporal';
import { until } from '../support/until';
import { report } from './support/account';
import { event } from './support/cast';
import { deploy, type Call, type Deployment } from './support/deployment';

/**
 * Anyone with the write key, which is in every browser app, can send thousands of orders in the name of one person. That person and
 * the other people of their worker go on.
 */

let deployment: Deployment;
beforeEach(async () => void (deployment = await deploy({ journeysPath: SHIPPED_JOURNEYS })));
afterEach(() => deployment.stop());

/** Requests at the beginning of the flood, and orders in each of them. A request of this size is half of what the API takes. */
const REQUESTS = 8;
const ORDERS = 1_250;
/** The default of `maxOpenRuns`. */
const OPEN = 100;
/** Far above what an event of a history needs, and a hundredth of what Temporal refuses, in bytes. */
const LARGEST = 20_000;

const victim = { id: 'victim' };
const newcomer = { id: 'newcomer' };
let orders = 0;

/** Sends orders with new ids in the name of the victim. */
function flood(count: number): Promise<number> {
  return deployment.post(
    Array.from({ length: count }, () => event(victim, 'Order Placed', { orderId: `o-${++orders}` })),
  );
}

function signUp(person: { readonly id: string }): Promise<number> {
  const traits = { email: `${person.id}@example.com` };
  const identify: Call = { ...event(person, ''), type: 'identify', traits };
  return deployment.post([identify, event(person, 'Signed Up')]);
}

const isWelcomed = async ({ id }: { readonly id: string }): Promise<boolean> =>
  (await deployment.count(`messages WHERE user_id = $1 AND step = 'welcome' AND status = 'sent'`, [id])) === 1;
const pending = (): Promise<number> => deployment.count('events WHERE user_id = $1 AND pending', [victim.id]);

/** The largest event in the histories of the victim, as JSON, and the number of workflow tasks that failed or were given up. */
async function histories(): Promise<{ readonly largest: number; readonly failedTasks: number }> {
  const client = createClient(testTemporal());
  try {
    let largest = 0;
    let failedTasks = 0;
    for await (const { workflowId: id, runId } of client.workflow.list({
      query: `WorkflowId = "${workflowId(victim.id)}"`,
    })) {
      const { events } = await client.workflow.getHandle(id, runId).fetchHistory();
      for (const one of events ?? []) {
        largest = Math.max(largest, JSON.stringify(one).length);
        if (one.workflowTaskFailedEventAttributes || one.workflowTaskTimedOutEventAttributes) failedTasks++;
      }
    }
    return { largest, failedTasks };
  } finally {
    await client.connection.close();
  }
}

test('a person flooded with orders goes on, and a newcomer is welcomed while the flood lasts', async () => {
  await deployment.startWorker();
  await signUp(victim);
  await until('the victim is welcomed', () => isWelcomed(victim));

  await Promise.all(Array.from({ length: REQUESTS }, () => flood(ORDERS)));
  await signUp(newcomer);
  // The flood does not end before the newcomer's mail is out.
  await until('the newcomer is welcomed', async () => {
    if (await isWelcomed(newcomer)) return true;
    await flood(ORDERS);
    return false;
  });

  await deployment.post([event(victim, 'Project Created', { name: 'Ark' })]);
  const congratulated = (): Promise<number> =>
    deployment.count(`runs WHERE user_id = $1 AND journey = 'milestones'`, [victim.id]);
  await until('the victim goes on in another journey', async () => (await congratulated()) === 1);
  await until('all orders are decided', async () => (await pending()) === 0);

  const open = await deployment.count(`runs WHERE user_id = $1 AND journey = 'order-updates'`, [victim.id]);
  const cards = await deployment.count(`messages WHERE user_id = $1 AND journey = 'order-updates'`, [victim.id]);
  const { rows } = await deployment.database.pool.query<{ refused: number }>(
    `SELECT (memory #>> '{refused,order-updates,open runs,count}')::int AS refused FROM users WHERE id = $1`,
    [victim.id],
  );
  expect({ open, cards, refused: rows[0]?.refused }).toEqual({ open: OPEN, cards: OPEN, refused: orders - OPEN });
  const { largest, failedTasks } = await histories();
  expect(failedTasks).toBe(0);
  expect(largest).toBeGreaterThan(0);
  expect(largest).toBeLessThan(LARGEST);
  report('flood of one person', { orders, 'largest event in a history, bytes': largest, 'failed tasks': failedTasks });
});
