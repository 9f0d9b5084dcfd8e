/*
 * For production: `dist/server.js` and `dist/worker.js`, which `sojourn build` writes, call these. Each runs until SIGINT or SIGTERM, with the
 * settings of the environment. A failure at start is printed, and ends the process with code 1.
 */

/** Runs the API. Loads nothing of the worker. */
export async function runServer(): Promise<void> {
  (await import('./server.js')).runServer();
}

/** Runs a worker. Loads nothing of the API. */
export async function runWorker(): Promise<void> {
  (await import('./worker.js')).runWorker();
}
