import type { Pool } from 'pg';
import { isBuiltIn, type ChannelSpec } from '../engine/model/channels';
import { statement } from './sql';

interface Declared {
  readonly channels: readonly string[];
  readonly traits: readonly string[];
  /** Channels that know people in another way. */
  readonly others: readonly string[];
}

/** A channel that is declared no more stays: processes of an older release may send by it. */
const DECLARE = statement<Declared>(
  (param) => `
WITH other AS (DELETE FROM channel_traits WHERE channel = ANY (${param.others}::text[]))
INSERT INTO channel_traits (channel, trait)
SELECT * FROM unnest(${param.channels}::text[], ${param.traits}::text[]) AS one (channel, trait) ORDER BY channel
ON CONFLICT (channel) DO UPDATE SET trait = excluded.trait WHERE channel_traits.trait <> excluded.trait`,
);

/** Writes down which traits hold people's addresses on the channels of the team's own. What is suppressed is looked up by them. */
export async function declareChannelTraits(pool: Pool, specs: readonly ChannelSpec[] = []): Promise<void> {
  const own = specs.filter(({ name }) => !isBuiltIn(name));
  if (own.length === 0) return;
  const byTrait = own.flatMap(({ name, address }) => (address.by === 'trait' ? [[name, address.trait] as const] : []));
  const channels = byTrait.map(([name]) => name);
  const others = own.map(({ name }) => name).filter((name) => !channels.includes(name));
  await pool.query(DECLARE({ channels, traits: byTrait.map(([, trait]) => trait), others }));
}

/** The channels of the team's own whose addresses can be suppressed, in their order. */
export async function channelsByTrait(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ channel: string }>('SELECT channel FROM channel_traits ORDER BY channel');
  return rows.map(({ channel }) => channel);
}
