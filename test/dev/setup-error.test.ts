import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError, withRemedy } from '../../dev/setup-error';
import { inTemporaryFolder } from '../support/folder';

const coded = (code: string, path?: string): Error => Object.assign(new Error(code), { code, ...(path && { path }) });

test.each([
  ['EACCES', /This account may not write to \/data\./],
  ['EPERM', /This account may not write to \/data\./],
  ['EROFS', /\/data can only be read\./],
  ['ENOSPC', /The disk of \/data is full\./],
  ['EDQUOT', /The disk of \/data is full\./],
  ['53100', /The disk of \/data is full\./],
])('an error %s in a folder says what to do', (code, message) => {
  const error = withRemedy(coded(code), '/data');
  expect(error).toBeInstanceOf(SetupError);
  expect(String(error)).toMatch(message);
});

test('the path of the error is named where it has one', () =>
  inTemporaryFolder(async (folder) => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const thrown = (): unknown => {
      try {
        return mkdirSync(join(file, 'inside'), { recursive: true });
      } catch (error) {
        return withRemedy(error, folder);
      }
    };
    expect(thrown()).toBeInstanceOf(SetupError);
    expect(String(thrown())).toContain(join(file, 'inside'));
  }));

test('any other error stays what it is', () => {
  const errors = [coded('ECONNRESET'), new SetupError('Do this.'), new Error('a mistake'), 'thrown'];
  expect(errors.map((error) => withRemedy(error, '/data'))).toEqual(errors);
});
