import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../config/env';
import { keptSecrets } from '../../dev/secrets';
import { SetupError } from '../../dev/setup-error';
import { inTemporaryFolder } from '../support/folder';

test('keys are generated once, readable only by their owner, and valid in the configuration', () =>
  inTemporaryFolder(async (folder) => {
    const { writeKey, adminKey, secret } = keptSecrets(folder);
    expect(keptSecrets(folder)).toEqual({ writeKey, adminKey, secret });
    expect(new Set([writeKey, adminKey, secret]).size).toBe(3);
    expect(statSync(join(folder, 'kept.json')).mode & 0o077).toBe(0);
    const others = {
      DATABASE_URL: 'postgres://db',
      TEMPORAL_ADDRESS: 't:1',
      SMTP_URL: 'smtp://m',
      MAIL_FROM: 'a@b',
      PUBLIC_URL: 'https://us',
    };
    const read = readConfig({ ...others, WRITE_KEY: writeKey, ADMIN_KEY: adminKey, SECRET: secret });
    expect(read).toMatchObject({ writeKey, adminKey, secret });
  }));

test.each([
  ['empty', ''],
  ['half', '{"writeKey": "abc'],
  ['of another kind', '["abc"]'],
  ['with a value that is no text', '{"writeKey": 7}'],
])('a file of keys that is %s causes an error that says what to do, and is left as it is', (_, content) =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'kept.json');
    writeFileSync(file, content);
    expect(() => keptSecrets(folder)).toThrow(SetupError);
    expect(() => keptSecrets(folder)).toThrow(/kept\.json is damaged.*move .* away/);
    expect(statSync(file).size).toBe(content.length);
  }),
);

test('a file of keys that cannot be written leaves no half file behind', () =>
  inTemporaryFolder(async (folder) => {
    // A folder of the same name is in the way of the draft, as a full disk would be.
    mkdirSync(join(folder, 'kept.json.new'));
    expect(() => keptSecrets(folder)).toThrow('kept.json.new');
    expect(readdirSync(folder)).toEqual(['kept.json.new']);
  }));
