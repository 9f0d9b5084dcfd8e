import { startDefinitionStack, type DefinitionStack } from './stack';
import { until } from '../support/until';

let stack: DefinitionStack;
beforeAll(async () => {
  stack = await startDefinitionStack();
  await stack.startWorker();
  await stack.startWorker();
});
afterAll(() => stack.stop());

const mail = (step: string, template: string): object => ({
  kind: 'send',
  step,
  messages: [{ channel: 'email', template }],
});

async function publish(id: string, definition: object): Promise<void> {
  await stack.admin('PUT', `/v1/journeys/${id}`, definition);
  await stack.admin('POST', `/v1/journeys/${id}/publish`, { author: 'ada', note: 'test' });
}

/** Tells until somebody has entered: a worker or API may not have taken up the journey yet. */
test('what is published is in force within seconds, in every worker', async () => {
  await publish('survey', {
    enter: { kind: 'event', event: 'Survey Answered' },
    events: { 'Survey Answered': { example: { score: 9 } } },
    steps: [mail('thanks', 'hello')],
  });
  const ada = stack.newUser();
  await stack.tell(ada, 'Survey Answered', { score: 10 });
  await until('the mail', () => stack.mails(ada, 'hello') === 1);
});
