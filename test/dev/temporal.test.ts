import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { launchChromium } from '../../dev/chromium';
import { freePort } from '../../dev/port';
import { NAMESPACE, startTemporal, type Temporal } from '../../dev/temporal';
import { resolveTemporalBinary } from '../../dev/temporal-binary';
import { VERSION } from '../../dev/temporal-fetch';
import { startTemporalPage } from '../../dev/temporal-page';
import { JOURNEYS, STAGE } from '../../workflows/search-attributes';
import { inTemporaryFolder } from '../support/folder';

const environment = { ...process.env };
afterEach(() => {
  process.env = { ...environment };
});

async function withClient<T>({ address }: Temporal, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await work(new Client({ connection, namespace: NAMESPACE }));
  } finally {
    await connection.close();
  }
}

test('a second start keeps the workflows of the first', () =>
  inTemporaryFolder(async (folder) => {
    const binary = await resolveTemporalBinary(() => undefined);
    const start = async () => startTemporal({ binary, folder, port: await freePort(), uiPort: null });
    const first = await start();
    await withClient(first, (client) => client.workflow.start('waits', { workflowId: 'kept', taskQueue: 'none' }));
    await first.stop();
    const second = await start();
    const { status } = await withClient(second, (client) => client.workflow.getHandle('kept').describe());
    expect(status.name).toBe('RUNNING');
    await second.stop();
  }));

test('the page of the start opens the list with the columns Stage and Journeys, and leaves columns that a person chose', () =>
  inTemporaryFolder(async (folder) => {
    const binary = await resolveTemporalBinary(() => undefined);
    const [port, uiPort] = [await freePort(), await freePort()];
    const temporal = await startTemporal({ binary, folder, port, uiPort, inMemory: true });
    const typedSearchAttributes = [
      { key: STAGE, value: 'dormant' },
      { key: JOURNEYS, value: ['win-back', 'digest'] },
    ];
    const started = { workflowId: 'lifecycle/ada', taskQueue: 'none', typedSearchAttributes };
    await withClient(temporal, (client) => client.workflow.start('waits', started));
    const page = await startTemporalPage(await freePort(), uiPort);
    const browser = await launchChromium();
    const tab = await browser.newPage({ viewport: { width: 1_400, height: 800 } });
    await tab.goto(page.url);
    await tab.getByRole('row', { name: /lifecycle\/ada.*dormant.*win-back.*digest/ }).waitFor();
    const heads = (): Promise<string> => tab.locator('thead').innerText();
    expect(await heads()).toMatch(/Status\s+Workflow ID\s+Stage\s+Journeys\s+Start\s+End/);
    const own = JSON.stringify({ [NAMESPACE]: [{ label: 'Workflow ID' }, { label: 'Stage' }] });
    await tab.evaluate(`localStorage.setItem('namespace-workflow-table-columns', '${own}')`);
    await tab.goto(page.url);
    await tab.getByRole('row', { name: /lifecycle\/ada/ }).waitFor();
    expect(await heads()).not.toContain('Journeys');
    await browser.close();
    await page.stop();
    await temporal.stop();
  }));

test('TEMPORAL_CLI has priority, and the error for a wrong value says what is wrong with it', () =>
  inTemporaryFolder(async (folder) => {
    const chosen = async (...lines: string[]) => {
      const program = join(folder, 'temporal');
      writeFileSync(program, ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });
      process.env.TEMPORAL_CLI = program;
      return resolveTemporalBinary(() => undefined);
    };
    await expect(chosen('echo "temporal version 1.1.0 (Server 1.24.2, UI 2.28.0)"')).resolves.toBe(
      join(folder, 'temporal'),
    );
    await expect(chosen('echo "temporal version 0.10.7 (server 1.21.5) (ui 2.17.2)"')).rejects.toThrow(
      /^TEMPORAL_CLI is .*, but its server 1\.21 is older than 1\.24\. Set it to/,
    );
    await expect(chosen('echo 3.1')).rejects.toThrow("but its --version names no Temporal server: '3.1'.");
    await expect(chosen('exit 3')).rejects.toThrow("but it can't be run with --version (code 3).");
    process.env.TEMPORAL_CLI = '/nonexistent/temporal';
    await expect(resolveTemporalBinary(() => undefined)).rejects.toThrow(
      "TEMPORAL_CLI is '/nonexistent/temporal', but no such file exists.",
    );
  }));

test('a program fetched earlier is found in the cache', () =>
  inTemporaryFolder(async (folder) => {
    const cached = join(folder, `temporal-${VERSION}`);
    writeFileSync(cached, '');
    Object.assign(process.env, { TEMPORAL_CLI: '', PATH: '', SOJOURN_CACHE: folder });
    await expect(resolveTemporalBinary(() => undefined)).resolves.toBe(cached);
  }));
