import { z } from 'zod';
import { readTarget, targetsOf, type SwitchTarget } from '../../engine/model/switch';
import { heldBySwitches, liftSwitch, readSwitches, setSwitch, switchChanges } from '../../store/switches';
import type { Gates } from '../auth';
import type { ApiDeps } from '../deps';
import { SWITCH_EXAMPLE } from '../examples/requests';
import { isoTime, text } from '../fields';
import { Problem } from '../problem';
import { route, type Route } from '../route';

/** Changes in the list of switches. */
const CHANGES = 100;

const target = text.min(1).max(200).meta({
  description: '`all`, a channel as `channel:email`, a journey as `journey:onboarding`, or a topic as `topic:digest`',
});
const reason = text.min(1).max(500).meta({ description: 'Why, for people. It shows on timelines' });
const by = text.min(1).max(200).default('the admin key').meta({ description: 'Who does it, for people' });
const mode = z
  .enum(['hold', 'drop'])
  .meta({ description: '`hold` keeps the messages until the switch is lifted. `drop` suppresses them' });
const exceptTransactional = z.boolean().meta({ description: 'Whether transactional messages are sent all the same' });
const shown = {
  target: z
    .string()
    .meta({ description: 'What is stopped: `all`, or a channel, a journey or a topic, such as `channel:email`' }),
  exceptTransactional,
  reason: z.string().meta({ description: 'Why, for people' }),
  by: z.string().meta({ description: 'Who did it' }),
  at: z.iso.datetime().meta({ description: 'In real time' }),
};
const one = z.object({ ...shown, mode }).meta({ id: 'Switch' });
const ON = {
  target: 'channel:email',
  ...SWITCH_EXAMPLE,
  mode: 'hold',
  exceptTransactional: false,
  at: '2026-01-05T12:00:00.000Z',
} as const;

/** The kill switches: what is stopped now, for everybody, and who did it. */
export function switchRoutes({ database, definitions }: ApiDeps, { adminKey }: Gates): Route[] {
  const shared = { tag: 'Operations', access: adminKey } as const;

  /** @throws {Problem} when there is no such target */
  function targetOf(given: string): SwitchTarget {
    const read = readTarget(given, targetsOf(definitions.current));
    if (read === null)
      throw new Problem(404, {
        detail: 'There is nothing of this name to stop. Expected all, channel:<name>, journey:<id> or topic:<name>.',
      });
    return read;
  }

  return [
    route({
      ...shared,
      method: 'get',
      path: '/v1/switches',
      name: 'listSwitches',
      summary: 'List what is stopped, and who stopped and resumed what',
      description: `The latest ${CHANGES} changes are listed, the newest first.`,
      answers: {
        200: {
          description: 'The switches that are on, and the changes',
          schema: z.object({
            switches: z
              .array(one.extend({ held: z.int().meta({ description: 'How many messages it holds now' }) }))
              .meta({ description: 'The switches that are on' }),
            changes: z
              .array(
                z.object({ ...shown, mode: mode.nullable().meta({ description: 'Null when the switch was lifted' }) }),
              )
              .meta({ description: 'The latest 100 changes, newest first' }),
          }),
          example: { switches: [{ ...ON, held: 0 }], changes: [ON] },
        },
      },
      handle: async () => {
        const { pool } = database;
        const [switches, held, changes] = await Promise.all([
          readSwitches(pool),
          heldBySwitches(pool),
          switchChanges(pool, CHANGES),
        ]);
        return {
          status: 200,
          body: {
            switches: switches.map((item) => ({
              ...item,
              at: isoTime(item.at),
              held: held.get(item.target) ?? 0,
            })),
            changes: changes.map((change) => ({ ...change, at: isoTime(change.at) })),
          },
        };
      },
    }),
    route({
      ...shared,
      method: 'put',
      path: '/v1/switches/{target}',
      name: 'setSwitch',
      summary: 'Stop the messages of everything, of a channel, of a journey or of a topic',
      description:
        'All workers obey within seconds, also for messages that are about to be handed over. Held messages are decided again by the policy ' +
        'when the switch is lifted; dropped ones are suppressed. A switch that is on is changed.',
      params: z.object({ target }),
      example: { params: { target: 'channel:email' }, body: SWITCH_EXAMPLE },
      body: z.object({
        mode: mode.default('hold'),
        exceptTransactional: exceptTransactional.default(false),
        reason,
        by,
      }),
      answers: {
        200: { description: 'The switch is on', schema: one, example: ON },
        404: { description: 'There is no such channel, journey or topic' },
      },
      handle: async ({ params, body }) => {
        const wanted = { target: targetOf(params.target), ...body };
        const set = await setSwitch(database.pool, wanted);
        return { status: 200, body: { ...set, at: isoTime(set.at) } };
      },
    }),
    route({
      ...shared,
      method: 'delete',
      path: '/v1/switches/{target}',
      name: 'liftSwitch',
      summary: 'Send the messages again that a switch stops',
      description: 'What it has held is released within seconds: the policy is asked again about each message.',
      params: z.object({ target }),
      query: z.object({ reason, by }),
      example: { params: { target: 'channel:email' }, query: { reason: 'The price is right again', by: 'grace' } },
      answers: {
        204: { description: 'The switch is lifted' },
        404: { description: 'Nothing of this name is stopped' },
      },
      handle: async ({ params, query }) => {
        // A journey that is gone can still have a switch.
        const lifted = readTarget(params.target, null);
        if (lifted === null || !(await liftSwitch(database.pool, { target: lifted, ...query })))
          throw new Problem(404, { detail: 'Nothing of this name is stopped.' });
        return { status: 204 };
      },
    }),
  ];
}
