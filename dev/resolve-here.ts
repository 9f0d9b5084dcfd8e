import { SetupError } from './setup-error';

/**
 * Finds a file of a package that only development needs: beside Sojourn, or in the project in the working directory, which has it among its
 * `devDependencies`.
 * @param otherwise what to set instead of installing it
 * @throws {SetupError} when the package is not installed
 */
export function resolveHere(file: string, packageName: string, otherwise: string): string {
  try {
    return require.resolve(file, { paths: [__dirname, process.cwd()] });
  } catch (cause) {
    const remedy = `Run 'npm install --save-dev ${packageName}' with optional packages, or set ${otherwise}.`;
    throw new SetupError(`The package ${packageName} is not installed: cannot find ${file}. ${remedy}`, { cause });
  }
}
