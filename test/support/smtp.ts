import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** How the server answers the next messages. It reads each message completely first. */
export type SmtpBehaviour =
  | { readonly kind: 'accept' }
  /** Answers with an error: 451 is temporary, 550 is permanent. */
  | { readonly kind: 'refuse'; readonly code: 451 | 550 }
  /** Refuses every recipient for good, as unknown. */
  | { readonly kind: 'unknown recipient' }
  /** Keeps the message and answers after this many milliseconds. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Keeps the message and never answers, for tests that kill the sender. */
  | { readonly kind: 'silent' }
  /** Keeps the message and hangs up without an answer. */
  | { readonly kind: 'close after DATA' };

/** A received message. */
export interface ReceivedMail {
  /** When the server had read it completely: the sender can't take it back any more. Epoch milliseconds. */
  readonly at: number;
  readonly messageId: string;
  readonly to: string;
  readonly subject: string;
  readonly mail: ParsedMail;
}

/** A real SMTP server on 127.0.0.1 that keeps the messages it receives. */
export interface TestSmtp {
  /** For `SMTP_URL`. */
  readonly url: string;
  /** All kept messages, in order, including those with a connection closed after DATA. */
  readonly messages: readonly ReceivedMail[];
  /** Messages read completely and refused. */
  readonly refused: readonly ReceivedMail[];
  behave(behaviour: SmtpBehaviour): void;
  /** Accepts the messages that `silent` left without an answer. */
  answer(): void;
  /** Refuses new connections and breaks open ones. */
  down(): void;
  /** Accepts connections again, on the same port. */
  up(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the server. It accepts messages by default. */
export async function startSmtp(): Promise<TestSmtp> {
  const messages: ReceivedMail[] = [];
  const refused: ReceivedMail[] = [];
  const sockets = new Map<number, Socket>();
  const unanswered: (() => void)[] = [];
  let behaviour: SmtpBehaviour = { kind: 'accept' };

  const take = async (received: ReceivedMail, session: SMTPServerSession): Promise<void> => {
    if (behaviour.kind === 'refuse') {
      refused.push(received);
      throw Object.assign(new Error('Refused by the test'), { responseCode: behaviour.code });
    }
    messages.push(received);
    if (behaviour.kind === 'slow') await pause(behaviour.ms);
    if (behaviour.kind === 'silent') await new Promise<void>((resolve) => unanswered.push(resolve));
    if (behaviour.kind === 'close after DATA') sockets.get(session.remotePort)?.destroy();
  };

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo: (_address, _session, callback) => {
      const unknown = Object.assign(new Error('5.1.1 Unknown user'), { responseCode: 550 });
      callback(behaviour.kind === 'unknown recipient' ? unknown : null);
    },
    onData: (stream, session, callback) => {
      simpleParser(stream)
        .then((mail) => take(describe(mail, session), session))
        .then(() => callback(), callback);
    },
  });
  // Some tests kill the client.
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
    answer: () => {
      for (const accept of unanswered.splice(0)) accept();
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
  return { at: Date.now(), messageId: mail.messageId ?? '', to, subject: mail.subject ?? '', mail };
}
