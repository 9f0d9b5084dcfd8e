import { acceptableEndpoint, isPublicAddress, leadsInside } from './push-endpoint';

const INTERNET = 'https://app.example.com';

test.each([
  'https://fcm.googleapis.com/fcm/send/abc',
  'https://updates.push.services.mozilla.com/wpush/v2/x',
  'https://8.8.8.8/',
])('%s is acceptable', (endpoint) => expect(acceptableEndpoint(endpoint, INTERNET)).toBe(true));

test.each([
  'http://fcm.googleapis.com/x',
  'https://localhost/',
  'https://localhost./',
  'https://app.localhost./',
  'https://127.0.0.1./',
  'https://0.0.0.0/',
  'https://100.64.0.1/',
  'https://postgres/',
  'https://postgres./',
  'https://app.localhost/',
  'https://127.0.0.1/',
  'http://127.0.0.1:3000/',
  'https://0x7f.1/',
  'https://2130706433/',
  'https://10.1.2.3/',
  'https://172.31.0.1/',
  'https://192.168.1.1/',
  'https://169.254.169.254/latest/meta-data/',
  'https://[::1]/',
  'https://[::]/',
  'https://[fd00::1]/',
  'https://[fe80::1]/',
  'https://[::ffff:10.0.0.1]/',
  'https://[64:ff9b::a00:1]/',
  'https://[fec0::1]/',
  'https://[feff::1]/',
  'https://[::10.0.0.1]/',
  'https://[::ffff:0:10.0.0.1]/',
  'https://192.88.99.1/',
  'https://user:password@push.example.com/',
  'ftp://push.example.com/',
  'file:///etc/passwd',
  'push.example.com',
  '',
])('%p is not acceptable', (endpoint) => expect(acceptableEndpoint(endpoint, INTERNET)).toBe(false));

test('an installation on loopback also accepts plain http on loopback, and nothing else', () => {
  const here = 'http://localhost:3000';
  expect(acceptableEndpoint('http://127.0.0.1:5000/push', here)).toBe(true);
  expect(acceptableEndpoint('http://[::1]:5000/push', 'http://127.0.0.1:3000')).toBe(true);
  expect(acceptableEndpoint('http://10.0.0.1/', here)).toBe(false);
  expect(acceptableEndpoint('https://192.168.0.1/', here)).toBe(false);
});

test('an address is checked without its zone, and IPv4 in IPv6 as IPv4', () => {
  expect(isPublicAddress('fe80::1%eth0')).toBe(false);
  expect(isPublicAddress('::ffff:192.168.0.1')).toBe(false);
  expect(isPublicAddress('::ffff:8.8.8.8')).toBe(true);
  expect(isPublicAddress('2a00:1450:4001::1')).toBe(true);
});

test.each([
  [['8.8.8.8'], false],
  [['8.8.8.8', '2a00:1450:4001::1'], false],
  [['10.0.0.1'], true],
  [['8.8.8.8', '127.0.0.1'], true],
  [['::ffff:192.168.0.1'], true],
  [['fd00::1'], true],
  [[], false],
])('a name with the addresses %p leads inside: %p', async (addresses, inside) => {
  expect(await leadsInside('https://push.example.com/x', async () => addresses)).toBe(inside);
});

test('an address is not asked for at any name server', async () => {
  const asked: string[] = [];
  const ask = async (name: string): Promise<string[]> => {
    asked.push(name);
    return [];
  };
  await leadsInside('https://8.8.8.8/', ask);
  await leadsInside('http://127.0.0.1:3000/', ask);
  await leadsInside('https://push.example.com./x', ask);
  expect(asked).toEqual(['push.example.com']);
});
