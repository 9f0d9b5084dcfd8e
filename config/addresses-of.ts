import { Resolver } from 'node:dns/promises';

/** Time limit for asking one name server. Real milliseconds. */
const TIMEOUT_MS = 2_000;

/** Returns the IP addresses of a host name; none when it has none or nobody answers in time. */
export type AddressesOf = (hostname: string) => Promise<readonly string[]>;

/**
 * Asks the name servers of the system. It takes no thread of the pool, so names that nobody answers for hold up nothing else.
 * @param servers other name servers, as `address:port`
 */
export function nameServers(servers?: readonly string[]): AddressesOf {
  return async (hostname) => {
    // One resolver for each name: servers that did not answer for one are asked for the next.
    const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 1 });
    if (servers) resolver.setServers(servers);
    const found = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    return found.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  };
}
