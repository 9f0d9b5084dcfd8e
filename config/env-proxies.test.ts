import { ConfigError, readEnvironment } from './env';

const read = (value: string): unknown => readEnvironment({ TRUSTED_PROXIES: value }).trustedProxies;

test.each([
  ['', 0],
  ['1', 1],
  ['2', 2],
  ['10.0.0.1', ['10.0.0.1']],
  ['10.0.0.0/8, fd00::/8 , 192.0.2.7', ['10.0.0.0/8', 'fd00::/8', '192.0.2.7']],
  ['loopback,uniquelocal', ['loopback', 'uniquelocal']],
])('TRUSTED_PROXIES=%p trusts %p', (value, trusted) => expect(read(value)).toEqual(trusted));

test.each([
  ...['0', '-1', '1.5', '3000', 'true', 'all', '*', 'proxy.example.com', '10.0.0.1,', '10.0.0.0/33', '10.0.0.0/0'],
  ...['fd00::/129', '10.0.0/8', '10.0.0.0/8/8', '10.0.0.0/x', '10.0.0.1:80'],
])('TRUSTED_PROXIES=%p is refused at start', (value) => {
  expect(() => read(value)).toThrow(ConfigError);
  expect(() => read(value)).toThrow('TRUSTED_PROXIES must be how many proxies are in front');
});
