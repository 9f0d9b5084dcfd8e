import { BlockList, isIP } from 'node:net';
import type { AddressesOf } from './addresses-of';

/**
 * Networks outside the public internet: the IANA special-purpose registries (RFC 6890), multicast, and deprecated ranges that may
 * still lead to an internal network (older forms of IPv4 in IPv6, the 6to4 relay, site-local addresses).
 */
const SPECIAL = {
  ipv4: [
    '0.0.0.0/8',
    '10.0.0.0/8',
    '100.64.0.0/10',
    '127.0.0.0/8',
    '169.254.0.0/16',
    '172.16.0.0/12',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.88.99.0/24',
    '192.168.0.0/16',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/4',
    '240.0.0.0/4',
  ],
  ipv6: [
    '::/96',
    '::ffff:0:0:0/96',
    '64:ff9b::/96',
    '64:ff9b:1::/48',
    '100::/64',
    '2001::/23',
    '2001:db8::/32',
    '2002::/16',
    'fc00::/7',
    'fe80::/10',
    'fec0::/10',
    'ff00::/8',
  ],
} as const;

const special = new BlockList();
for (const family of ['ipv4', 'ipv6'] as const) {
  for (const network of SPECIAL[family]) {
    const [address = '', prefix] = network.split('/');
    special.addSubnet(address, Number(prefix), family);
  }
}

/** Whether an IP address is on the public internet. IPv4 addresses mapped into IPv6 count as IPv4. */
export function isPublicAddress(address: string): boolean {
  const [withoutZone = ''] = address.split('%');
  return !special.check(withoutZone, isIP(withoutZone) === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Whether the server may store a browser's push endpoint and post to it. It must be an https URL on the public internet, so that no
 * client can make the server call internal services. A name must have a dot, and is checked again with its addresses. An installation on loopback
 * (development, tests) also accepts plain http on loopback.
 */
export function acceptableEndpoint(endpoint: string, publicUrl: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const url = new URL(endpoint);
  if (url.username !== '' || url.password !== '') return false;
  if (onLoopback(url)) return url.protocol === 'http:' && onLoopback(new URL(publicUrl));
  const host = bare(url);
  return url.protocol === 'https:' && (isIP(host) === 0 ? host.includes('.') : isPublicAddress(host));
}

/**
 * Whether the name of an acceptable endpoint leads out of the public internet, by what the name servers say now. A name without an
 * address does not: the name servers may be away, and delivery checks the address that it connects to.
 */
export async function leadsInside(endpoint: string, addressesOf: AddressesOf): Promise<boolean> {
  const url = new URL(endpoint);
  const host = bare(url);
  if (isIP(host) !== 0 || onLoopback(url)) return false;
  return !(await addressesOf(host)).every(isPublicAddress);
}

function onLoopback(url: URL): boolean {
  const host = bare(url);
  return (
    host === 'localhost' ||
    host.endsWith('.localhost') ||
    host === '::1' ||
    (isIP(host) === 4 && host.startsWith('127.'))
  );
}

/** The host without the brackets of IPv6 and without the dot that ends a full name. */
function bare({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$|\.$/g, '');
}
