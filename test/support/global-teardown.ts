import { rmSync } from 'node:fs';

/** Stops everything that the setup started. */
export default async function globalTeardown(): Promise<void> {
  const { rig } = globalThis;
  if (!rig) return;
  globalThis.rig = undefined;
  await Promise.all([rig.temporal.kill(), rig.postgres.kill()]);
  rmSync(rig.folder, { recursive: true, force: true });
}
