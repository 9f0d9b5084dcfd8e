import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** How the server treats the next messages, once it has read one whole. */
export type SmtpBehaviour =
  | { readonly kind: 'accept' }
  /** Answers with an error: 451 is temporary, 550 for ever. */
  | { readonly kind: 'refuse'; readonly code: 451 | 550 }
  /** Keeps the message, but takes its time to say so, in milliseconds. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Keeps the message, and never says so: whoever waits for the answer is to be killed. */
  | { readonly kind: 'silent' }
  /** Keeps the message, then hangs up without an answer: the sender can't know. */
  | { readonly kind: 'close after DATA' };

/** A message as it arrived. */
export interface ReceivedMail {
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly mail: ParsedMail;
}

/** A real SMTP server on 127.0.0.1 that remembers what it took. */
export interface TestSmtp {
  /** For `SMTP_URL`. */
  readonly url: string;
  /** Every message kept, in order; one whose connection was closed after DATA too. */
  readonly messages: readonly ReceivedMail[];
  /** Messages read whole and refused. */
  readonly refused: readonly ReceivedMail[];
  behave(behaviour: SmtpBehaviour): void;
  /** Refuses connections from now on, and breaks those it has. */
  down(): void;
  /** Accepts connections again, on the same port. */
  up(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the server; it accepts until told otherwise. */
export async function startSmtp(): Promise<TestSmtp> {
  const messages: ReceivedMail[] = [];
  const refused: ReceivedMail[] = [];
  const sockets = new Map<number, Socket>();
  let behaviour: SmtpBehaviour = { kind: 'accept' };

  const take = async (received: ReceivedMail, session: SMTPServerSession): Promise<void> => {
    if (behaviour.kind === 'refuse') {
      refused.push(received);
      throw Object.assign(new Error('Refused by the test'), { responseCode: behaviour.code });
    }
    messages.push(received);
    if (behaviour.kind === 'slow') await pause(behaviour.ms);
    if (behaviour.kind === 'silent') await new Promise(() => undefined);
    if (behaviour.kind === 'close after DATA') sockets.get(session.remotePort)?.destroy();
  };

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, session, callback) => {
      simpleParser(stream)
        .then((mail) => take(describe(mail, session), session))
        .then(() => callback(), callback);
    },
  });
  // A client that vanishes is part of some tests.
  server.on('error', () => undefined);
  server.server.on('connection', (socket) => {
    const { remotePort = 0 } = socket;
    sockets.set(remotePort, socket);
    socket.once('close', () => sockets.delete(remotePort));
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve) => server.server.listen(port, '127.0.0.1', resolve));
  const breakOff = (): void => {
    for (const socket of sockets.values()) socket.destroy();
  };
  await listen(0);
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('The SMTP server has no port.');
  const { port } = address;
  return {
    url: `smtp://127.0.0.1:${port}`,
    messages,
    refused,
    behave: (next) => {
      behaviour = next;
    },
    down: () => {
      server.server.close();
      breakOff();
    },
    up: () => listen(port),
    stop: async () => {
      breakOff();
      await new Promise<void>((resolve) => server.close(resolve));
    },
  };
}

function describe(mail: ParsedMail, session: SMTPServerSession): ReceivedMail {
  const to = session.envelope.rcptTo.map(({ address }) => address).join(', ');
  return { messageId: mail.messageId ?? '', to, subject: mail.subject ?? '', mail };
}
