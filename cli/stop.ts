import { userInfo } from 'node:os';
import { Command } from 'commander';
import { loadDefinitions } from '../config/definitions';
import { readEnvironment } from '../config/env';
import { readTarget, targetsOf, type SwitchTarget } from '../engine/model/switch';
import type { Database } from '../store/database';
import { heldBySwitches, readSwitches, setSwitch } from '../store/switches';
import { storedInForce } from '../store/stored-journeys';
import { openInstallation } from './database';
import { withStored } from './stored';

interface Options {
  readonly reason?: string;
  readonly by: string;
  readonly drop: boolean;
  readonly exceptTransactional: boolean;
}

/** `sojourn stop`: stops messages in all workers. Without a target it lists what is stopped. */
export const stop = new Command('stop')
  .description(
    'Stop messages in all workers within seconds: of a channel, of a journey, of a topic, or all. Without a target, list what is stopped.',
  )
  .argument('[target]', "what to stop: a channel such as 'email', 'journey:ID', 'topic:NAME', or 'all'")
  .option('--reason <text>', 'why; it shows on timelines')
  .option('--by <name>', 'who stops it', userInfo().username)
  .option('--hold', 'keep the messages, and decide about each again after `sojourn resume` (default)')
  .option('--drop', 'suppress the messages', false)
  .option('--except-transactional', 'go on sending transactional messages', false)
  .action(async (text: string | undefined, { reason, by, drop, exceptTransactional }: Options) => {
    const database = openInstallation();
    try {
      if (text === undefined) {
        console.log(await listOf(database));
        return;
      }
      if (reason === undefined)
        throw new Error('Say why: --reason "…". It shows on the timelines of the people concerned.');
      const target = await targetOf(database, text);
      await setSwitch(database.pool, { target, mode: drop ? 'drop' : 'hold', exceptTransactional, reason, by });
      console.log(
        `${target} is stopped: its messages are ${drop ? 'dropped' : 'held'}. To go on: sojourn resume ${text} --reason "…"`,
      );
    } finally {
      await database.close();
    }
  });

async function listOf({ pool }: Database): Promise<string> {
  const [switches, held] = await Promise.all([readSwitches(pool), heldBySwitches(pool)]);
  const lines = switches.map(
    ({ target, mode, exceptTransactional, reason, by, at }) =>
      `${target}: ${mode}${exceptTransactional ? ', except transactional messages' : ''}, ${held.get(target) ?? 0} held, ` +
      `by ${by} since ${new Date(at).toISOString()}: ${reason}`,
  );
  return lines.join('\n') || 'Nothing is stopped.';
}

/**
 * Reads the target. It has to exist, in code or stored: a switch of a mistyped name would stop nothing.
 * @throws {Error} when there is no such target
 */
async function targetOf({ pool }: Database, text: string): Promise<SwitchTarget> {
  if (text === 'all') return text;
  const code = await loadDefinitions(readEnvironment(process.env).journeysPath);
  const known = targetsOf((await withStored(code, await storedInForce(pool))).definitions);
  const target = readTarget(text, known);
  if (target !== null) return target;
  const { channels, journeys, topics } = known;
  const named = [...journeys.map((id) => `journey:${id}`), ...topics.map((name) => `topic:${name}`)];
  throw new Error(
    `There is nothing named '${text}'. Expected all, one of the channels ${channels.join(', ')}, or ` +
      `${named.join(', ')}.`,
  );
}
