import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { METRICS_PORTS } from '../../config/config';
import { readConfig } from '../../config/env';
import { SETTINGS } from '../../dev/temporal';

const ROOT = join(__dirname, '..', '..');
const text = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

interface Service {
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
  readonly healthcheck: { readonly test: readonly string[] };
}
const { services } = parse(text('docker-compose.yml'), { merge: true }) as {
  services: Readonly<Record<string, Service>>;
};

/** What a variable stands for when the shell does not set it. */
const asUnset = (value: string): string =>
  value.replace(/\$\{\w+(?::?-([^}]*))?\}/g, (_, otherwise = '') => otherwise as string);

test('the processes of docker-compose.yml get a valid configuration, once their keys are made', () => {
  for (const name of ['api', 'worker']) {
    const set = Object.entries(services[name]?.environment ?? {}).map(([key, value]): [string, string] => [
      key,
      asUnset(value),
    ]);
    const keys = Object.fromEntries(['WRITE_KEY', 'ADMIN_KEY', 'SECRET'].map((key) => [key, key.padEnd(40, 'x')]));
    expect(readConfig({ ...Object.fromEntries(set), ...keys })).toMatchObject({ metricsKey: null });
  }
  expect(services['worker']?.healthcheck.test.join(' ')).toContain(`http://localhost:${METRICS_PORTS.worker}/readyz`);
});

test('the Temporal of docker-compose.yml has one partition for each task queue, as that of `npm start`', () => {
  const { environment = {}, volumes = [] } = services['temporal'] ?? {};
  const [file = '', place = ''] = volumes[0]?.split(':') ?? [];
  expect(place).toBe(`/etc/temporal/${environment['DYNAMIC_CONFIG_FILE_PATH']}`);
  expect(existsSync(join(ROOT, file))).toBe(true);
  const settings = parse(text(file)) as Readonly<Record<string, readonly { value: number }[]>>;
  for (const name of ['matching.numTaskqueueReadPartitions', 'matching.numTaskqueueWritePartitions'] as const)
    expect([name, settings[name]?.map(({ value }) => value)]).toEqual([name, [SETTINGS[name]]]);
});

test('the image is made on one version of Node.js, which the package supports', () => {
  const { engines } = JSON.parse(text('package.json')) as { engines: { node: string } };
  const images = [...text('Dockerfile').matchAll(/^FROM node:(\d+)-slim/gm)].map(([, major]) => Number(major));
  expect(new Set(images)).toEqual(new Set([24]));
  expect(Number(/\d+/.exec(engines.node)?.[0])).toBeLessThanOrEqual(24);
});
