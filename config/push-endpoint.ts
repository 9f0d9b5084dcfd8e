import { BlockList, isIP } from 'node:net';

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
 * client can make the server call internal services. Host names are checked again after resolution. An installation on loopback
 * (development, tests) also accepts plain http on loopback.
 */
export function acceptableEndpoint(endpoint: string, publicUrl: string): boolean {
  if (!URL.canParse(endpoint)) return false;
  const url = new URL(endpoint);
  if (url.username !== '' || url.password !== '') return false;
  if (onLoopback(url)) return url.protocol === 'http:' && onLoopback(new URL(publicUrl));
  const host = bare(url);
  return url.protocol === 'https:' && (isIP(host) === 0 || isPublicAddress(host));
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

function bare({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}
