import { statSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../config/env';
import { keptSecrets } from '../../dev/secrets';
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
