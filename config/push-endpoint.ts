import { BlockList, isIP } from 'node:net';

/**
 * Networks that are not the public internet: the IANA special-purpose registries (RFC 6890), multicast, and what was given up but
 * may still lead inside: IPv4 within IPv6 in its older ways, the relay of 6to4, site-local addresses.
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

/** Whether an IP address lies on the public internet; IPv4 mapped into IPv6 is judged as IPv4. */
export function isPublicAddress(address: string): boolean {
  const [withoutZone = ''] = address.split('%');
  return !special.check(withoutZone, isIP(withoutZone) === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Whether a browser's push endpoint may be stored and posted to: an https address of the public internet, so that nobody
 * makes us call services of our own network. Names are judged again when they are resolved. An installation that is itself
 * on loopback (development, tests) accepts plain http on loopback too.
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
