import { join, resolve } from 'node:path';
import { readEnvironment } from '../config/env';
import { withDemoJourneys } from './demo-app/settings';
import { report, runInForeground, timed } from './foreground';
import { claim, startOurs, startServers } from './launch';
import { welcome } from './welcome';

const FOLDER = resolve('.sojourn');

/** How everything is run on this machine. What is null comes from the environment. */
export interface DevOptions {
  readonly speed: string | null;
  readonly journeys: string | null;
  readonly port: string | null;
  /** Asks before an edit comes into force. */
  readonly confirm: boolean;
  /** False to leave out the demo. */
  readonly demo: boolean;
}

/** Runs the API, a worker and the servers they need in this process until Ctrl-C, and takes up edits of the journeys. */
export function runDev({ speed, journeys, port, confirm, demo }: DevOptions): void {
  const given = { SPEED: speed, JOURNEYS: journeys, PORT: port, DEMO: demo ? null : 'false' };
  const chosen = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) as Record<
    string,
    string
  >;
  runInForeground(async (teardown) => {
    const progress = timed(report);
    const settings = withDemoJourneys(readEnvironment({ LOG_LEVEL: 'warn', ...process.env, ...chosen }));
    const options = { folder: FOLDER, report: progress, teardown };
    await claim(settings, options);
    // Loading takes seconds. It happens here, after what can be refused at once.
    const hot = await import('./hot/index.js');
    const { PATH: templatesPath, TemplateBoard, templatesPageRoutes } = await import('./templates-page/index.js');
    progress('checking the journeys');
    const source = new hot.JourneySource(settings.journeysPath);
    const first = await hot.readFirst(source);
    const { config, pages } = await startServers(settings, options);
    progress('starting API and worker');
    const board = new TemplateBoard(source, first);
    const extraRoutes = templatesPageRoutes(board);
    const running = await startOurs(config, teardown, { ...settings, code: first.code, extraRoutes });
    teardown.add(board);
    progress('everything runs');
    const ours = {
      demo: settings.demo ? `${config.publicUrl}/demo` : null,
      templates: `${config.publicUrl}${templatesPath}`,
    };
    console.log(welcome(config, { ...pages, ...ours }, source.folders));
    const asker = confirm ? teardown.add(hot.asker(process.stdin)) : null;
    const [folder = ''] = source.folders;
    const types = hot.TypeCheck.in(process.cwd(), folder, join(FOLDER, 'types'), report);
    if (types) teardown.add(types);
    const { databaseUrl } = config;
    const onRead = board.update.bind(board);
    teardown.add(await hot.followEdits({ source, first, running, databaseUrl, asker, types, onRead, report }));
    return 'stay';
  });
}
