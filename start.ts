import { resolve } from 'node:path';
import { readEnvironment } from './config/env';
import { withDemoJourneys } from './dev/demo-app/settings';
import { report, runInForeground } from './dev/foreground';
import { prepare, startOurs } from './dev/launch';
import { welcome } from './dev/welcome';

const FOLDER = resolve('.sojourn');

// `npm start` runs the API, a worker and the servers they need in this process.
runInForeground(async (teardown) => {
  const settings = withDemoJourneys(readEnvironment({ LOG_LEVEL: 'warn', ...process.env }));
  const { config, pages } = await prepare(settings, { folder: FOLDER, report, teardown });
  report('starting API and worker');
  await startOurs(config, teardown, settings);
  console.log(welcome(config, { ...pages, demo: settings.demo ? `${config.publicUrl}/demo` : null }));
  return 'stay';
});
