import type { Config } from '../../config/config';
import { readConfig } from '../../config/env';

/** Reads the configuration of our processes. BENCH_SPEED sets the speed, which production allows only with the embedded database. */
export function benchConfig(): Config {
  return { ...readConfig(process.env), speed: Number(process.env['BENCH_SPEED'] ?? 1) };
}
