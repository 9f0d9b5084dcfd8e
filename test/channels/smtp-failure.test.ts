import { smtpFailure } from '../../activities/providers/smtp-failure';

/** The error that nodemailer makes of a reply to a command. */
function refusal(command: 'RCPT TO' | 'DATA', response: string): Error {
  const responseCode = Number(response.slice(0, 3));
  const code = command === 'DATA' ? 'EMESSAGE' : 'EENVELOPE';
  return Object.assign(new Error(response), { code, command, response, responseCode, permanent: responseCode >= 500 });
}

test.each([
  ['RCPT TO', '550 No such user here'],
  ['RCPT TO', '550 5.1.1 <ada@example.com>: Recipient address rejected: User unknown'],
  ['RCPT TO', '550-5.1.1 The email account that you tried to reach does not exist.'],
  ['RCPT TO', '550 5.2.1 The account is disabled'],
  ['RCPT TO', '553 5.1.3 Bad recipient address syntax'],
  ['RCPT TO', '556 5.1.10 Recipient address has null MX'],
  ['RCPT TO', '551 User not local'],
  ['DATA', '550 5.1.1 User unknown'],
] as const)('the address takes no mail: %s %s', (command, reply) => {
  expect(smtpFailure(refusal(command, reply), 'ada@example.com')).toMatchObject({
    cause: 'bounced',
    deadAddress: 'ada@example.com',
  });
});

test.each([
  ['RCPT TO', '550 5.7.1 Service unavailable; client host is blocked'],
  ['RCPT TO', '550 5.7.26 Unauthenticated email is not accepted'],
  ['RCPT TO', '550 5.1.8 Sender address rejected: Domain not found'],
  ['RCPT TO', '552 5.2.2 The mailbox is over quota'],
  ['RCPT TO', '552 Requested mail action aborted: exceeded storage allocation'],
  ['RCPT TO', '554 5.4.4 Unable to route'],
  ['RCPT TO', '554 Transaction failed'],
  ['DATA', '550 Spam message rejected'],
  ['DATA', '554 5.7.1 Message contains spam'],
] as const)('a bounce that says nothing about the address: %s %s', (command, reply) => {
  const outcome = smtpFailure(refusal(command, reply), 'ada@example.com');
  expect(outcome).toMatchObject({ cause: 'bounced' });
  expect(outcome).not.toHaveProperty('deadAddress');
});
