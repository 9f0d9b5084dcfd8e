import { condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';
import type { WelcomeSteps } from '../by-hand/steps';
import { HAPPENED, type Happened, type WelcomeInput } from './types';

const happened = defineSignal<[Happened]>(HAPPENED);

const { enter, send, leave } = proxyActivities<WelcomeSteps>({
  startToCloseTimeout: '1 minute',
  retry: { initialInterval: '10 seconds', maximumInterval: '10 minutes' },
});

/** The journey `welcome-aboard`, written by hand: one workflow per user, with a signal for each event. */
export async function welcomeAboard({ userId }: WelcomeInput): Promise<void> {
  const seen = new Set<string>();
  setHandler(happened, ({ name }) => void seen.add(name));

  await condition(() => seen.has('Signed Up'));
  await enter(userId);
  await send({ userId, step: 'welcome' });
  const activated = await condition(() => seen.has('Activated'), '48 hours');
  if (activated) await send({ userId, step: 'congratulation' });
  await leave(userId, activated ? 'completed' : 'exited');
}
