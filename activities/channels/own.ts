import type { ChannelSpec } from '../../engine/model/channels';
import type { JsonObject } from '../../engine/model/json';
import { getOwn } from '../../engine/model/own-property';
import type { Provider } from '../providers/provider';
import type { Channel } from './channel';
import { handOver } from './hand-over';
import { rendered, type Rendering } from './rendered';

/** Options of a channel of a team's own. */
export interface OwnOptions extends Rendering {
  readonly spec: ChannelSpec;
  readonly providers: readonly Provider<JsonObject>[];
}

/** Creates a channel of a team's own. */
export function ownChannel({ spec, providers, ...rendering }: OwnOptions): Channel {
  const { name, address } = spec;
  return {
    name,
    async deliver(envelope, signal) {
      const { id, traits } = envelope.user;
      const to = address.by === 'trait' ? getOwn(traits, address.trait) : id;
      if (typeof to !== 'string' || to.trim() === '')
        return { outcome: 'suppressed', cause: 'address', reason: 'no address' };
      return rendered<string>(rendering, name, envelope, (content, links) =>
        handOver(providers, envelope, { to: to.trim(), content, links }, signal),
      );
    },
    async close() {
      await Promise.all(providers.map((provider) => provider.close()));
    },
  };
}
