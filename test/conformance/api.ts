import { flags } from '../../engine/flags/define';
import { startApi, testDefinitions, type TestApi } from '../api/server';

/** What the checks need beside messages: an experiment with one variant, and a flag that is none. */
const FLAGS = flags({
  banner: { default: '', rules: [{ variants: { only: { weight: 1, value: 'Hello' } } }] },
  plain: { default: true },
});

/** Starts the API that clients are held against. */
export async function startConformanceApi(): Promise<TestApi> {
  return startApi({ code: { ...(await testDefinitions()), flags: FLAGS } });
}
