import {
  TerminalError,
  TimeoutError,
  workflow,
  type WorkflowContext,
  type WorkflowSharedContext,
} from '@restatedev/restate-sdk';
import type { WelcomeSteps } from '../../by-hand/steps';

/** An event that a workflow hears of. */
export interface Happened {
  readonly id: string;
  readonly name: string;
}

/** The events that the workflow awaits. */
const AWAITED: ReadonlySet<string> = new Set(['Activated']);
/** The code of the error when a durable promise is resolved a second time. */
const ALREADY_RESOLVED = 409;

/** Returns the journey `welcome-aboard` on Restate: one workflow per user, with a durable promise for each event it awaits. */
export function createWelcomeAboard(steps: WelcomeSteps) {
  return workflow({
    name: 'welcomeAboard',
    handlers: {
      run: async (context: WorkflowContext): Promise<void> => {
        const userId = context.key;
        await context.run('enter', () => steps.enter(userId));
        await context.run('welcome', () => steps.send({ userId, step: 'welcome' }));
        const activated = await isInTime(context, 'Activated');
        if (activated) await context.run('congratulation', () => steps.send({ userId, step: 'congratulation' }));
        await context.run('leave', () => steps.leave(userId, activated ? 'completed' : 'exited'));
      },
      happened: async (context: WorkflowSharedContext, { id, name }: Happened): Promise<void> => {
        if (!AWAITED.has(name)) return;
        try {
          await context.promise<string>(name).resolve(id);
        } catch (error) {
          if (!(error instanceof TerminalError && error.code === ALREADY_RESOLVED)) throw error;
        }
      },
    },
  });
}
export type WelcomeAboard = ReturnType<typeof createWelcomeAboard>;

async function isInTime(context: WorkflowContext, event: string): Promise<boolean> {
  try {
    await context.promise<string>(event).get().orTimeout({ hours: 48 });
    return true;
  } catch (error) {
    if (error instanceof TimeoutError) return false;
    throw error;
  }
}
