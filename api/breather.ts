import { setImmediate } from 'node:timers/promises';

/** How long one piece of work may block other requests at a time, in real milliseconds. */
const MAX_BLOCK_MS = 10;

/** Creates a function that long work calls often. It yields to the event loop when the work has blocked it for long enough. */
export function breather(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < MAX_BLOCK_MS) return;
    await setImmediate();
    since = performance.now();
  };
}
