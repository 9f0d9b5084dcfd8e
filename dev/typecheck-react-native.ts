import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installOnce, run } from './cached-install';
import { report } from './foreground';

const ROOT = join(__dirname, '..');
const EXAMPLE = join(ROOT, 'sdk', 'examples', 'react-native');
const LOCKED = ['package.json', 'package-lock.json'].map(
  (name) => [name, join(__dirname, 'react-native-types', name)] as const,
);

/** Finds the types of React Native in the cache, or installs them there. Returns the folder of `node_modules`. */
function reactNativeTypes(): string {
  const folder = installOnce(
    {
      what: 'the types of React Native',
      folder: 'react-native-types',
      pinnedBy: LOCKED.map(([, file]) => file),
      remedy: 'Allow access to the npm registry.',
      install: (into) => {
        for (const [name, file] of LOCKED) copyFileSync(file, join(into, name));
        run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], into);
      },
    },
    report,
  );
  return join(folder, 'node_modules');
}

/** The settings of the example, with the places of what it imports: an app has these packages in its own folder. */
function settings(packages: string): object {
  const own = (name: string): string[] => [join(ROOT, 'sdk', 'browser', 'src', `${name}.ts`)];
  // Where the `exports` of these packages lead for types.
  const generated = (name: string): string[] => [join(packages, name, 'types_generated', 'index.d.ts')];
  return {
    extends: join(EXAMPLE, 'tsconfig.json'),
    compilerOptions: {
      rootDir: '/',
      paths: {
        '@sojourn/browser/core': own('core'),
        '@sojourn/browser/react': own('react'),
        '@sojourn/browser/survey': own('survey'),
        react: [join(ROOT, 'node_modules', '@types', 'react')],
        'react-native': generated('react-native'),
        '@react-native/virtualized-lists': generated('@react-native/virtualized-lists'),
        '@react-native-async-storage/async-storage': [join(packages, '@react-native-async-storage', 'async-storage')],
      },
    },
    include: [join(EXAMPLE, '**', '*.tsx')],
  };
}

// Checks the types of the React Native example against those of React Native itself. Exits with 1 when they don't fit.
const folder = mkdtempSync(join(tmpdir(), 'sojourn-react-native-'));
try {
  const project = join(folder, 'tsconfig.json');
  writeFileSync(project, JSON.stringify(settings(reactNativeTypes())));
  execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', project], { stdio: 'inherit' });
} catch (error) {
  // What the compiler has to say is printed already.
  if (!(error instanceof Error && 'status' in error)) console.error(error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
