import { parseArgs } from 'node:util';
import { report, runInForeground } from '../../dev/foreground';
import { SetupError } from '../../dev/setup-error';
import globalSetup from '../support/global-setup';
import globalTeardown from '../support/global-teardown';
import { startConformanceApi } from './api';
import { CHECKS } from './checks';
import { runChecks } from './run';

/** How long a check waits for what it expects. */
const PATIENCE_MS = 60_000;

// `npm run conformance -- --client "<command>"`: holds a client against docs/in-app-protocol.md. PostgreSQL and the API are real.
runInForeground(async (teardown) => {
  const { values } = parseArgs({ options: { client: { type: 'string' }, only: { type: 'string', default: '' } } });
  const { client: command, only } = values;
  if (command === undefined)
    throw new SetupError('Say how to start the client: npm run conformance -- --client "<command>"');
  const checks = CHECKS.filter(({ name }) => name.includes(only));
  if (checks.length === 0) throw new SetupError(`No check has '${only}' in its name.`);
  teardown.add({ stop: globalTeardown });
  await globalSetup();
  const api = teardown.add(await startConformanceApi());
  report(`holding the client against ${checks.length} sentences of docs/in-app-protocol.md`);
  const outcomes = await runChecks(api, checks, {
    command,
    patienceMs: PATIENCE_MS,
    onOutcome: ({ check: { name, says }, error }) => {
      report(`${error ? 'FAILED' : 'passed'}  ${name}`);
      if (error) report(`        The protocol says: ${says}\n        ${error.message}`);
    },
  });
  const failed = outcomes.filter(({ error }) => error).length;
  if (failed > 0) throw new SetupError(`${failed} of ${checks.length} checks failed.`);
  return 'done';
});
