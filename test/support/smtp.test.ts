import { createTransport } from 'nodemailer';
import { startSmtp, type TestSmtp } from './smtp';
import { until } from './until';

let smtp: TestSmtp;

beforeEach(async () => {
  smtp = await startSmtp();
});
afterEach(() => smtp.stop());

const send = (subject: string): Promise<unknown> =>
  createTransport(smtp.url).sendMail({ from: 'a@example.com', to: 'b@example.com', subject, text: 'hello' });

test('the server keeps accepted messages', async () => {
  await send('one');
  expect(smtp.messages).toMatchObject([{ to: 'b@example.com', subject: 'one' }]);
});

test('a refusal has the given code, and the message is not kept', async () => {
  smtp.behave({ kind: 'refuse', code: 451 });
  await expect(send('two')).rejects.toMatchObject({ responseCode: 451 });
  expect([smtp.messages.length, smtp.refused.length]).toEqual([0, 1]);
});

test('a slow server still accepts', async () => {
  smtp.behave({ kind: 'slow', ms: 200 });
  await send('three');
  expect(smtp.messages).toHaveLength(1);
});

test('a connection closed after DATA fails for the sender, although the message is kept', async () => {
  smtp.behave({ kind: 'close after DATA' });
  await expect(send('four')).rejects.toThrow();
  await until('the message is kept', () => smtp.messages.length === 1);
});

test('a server that is down refuses connections and keeps its messages', async () => {
  await send('five');
  smtp.down();
  await expect(send('six')).rejects.toMatchObject({ code: 'ESOCKET' });
  await smtp.up();
  await send('seven');
  expect(smtp.messages.map(({ subject }) => subject)).toEqual(['five', 'seven']);
});
