import { isIP } from 'node:net';
import { z } from 'zod';

/** Groups of networks that Express knows by name (https://expressjs.com/en/guide/behind-proxies.html). */
const GROUPS = ['loopback', 'linklocal', 'uniquelocal'];
/** More proxies than anybody has in a row. A larger number is a mistake, such as a port. */
const MOST_HOPS = 20;
const EXPECTED =
  `must be how many proxies are in front, from 1 to ${MOST_HOPS}, or their addresses and networks separated by commas, ` +
  'like 10.0.0.0/8,192.0.2.7';

/** The proxies that may tell a visitor's address by `X-Forwarded-For`: a number of hops, or addresses, networks and groups of networks. */
export const trustedProxies = z.string().transform((text, context): number | readonly string[] => {
  const hops = Number(text);
  if (Number.isInteger(hops) && hops >= 1 && hops <= MOST_HOPS) return hops;
  const proxies = text.split(',').map((one) => one.trim());
  if (proxies.every((one) => GROUPS.includes(one) || isNetwork(one))) return proxies;
  context.addIssue({ code: 'custom', message: EXPECTED });
  return z.NEVER;
});

/** An address, or a network in CIDR notation. A prefix of 0 would trust everybody. */
function isNetwork(text: string): boolean {
  const [address = '', prefix, ...rest] = text.split('/');
  const longest = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  if (longest === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^[1-9]\d{0,2}$/.test(prefix) && Number(prefix) <= longest);
}
