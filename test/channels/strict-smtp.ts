import type { Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** The stage of the SMTP dialogue at which the server refuses. */
export type SmtpStage = 'greeting' | 'AUTH' | 'MAIL FROM' | 'RCPT TO' | 'DATA';

/** A real SMTP server on 127.0.0.1 that refuses at one stage. */
export interface StrictSmtp {
  readonly url: string;
  /** Number of open connections. */
  connections(): number;
  /** Number of messages read completely. */
  messages(): number;
  stop(): Promise<void>;
}

/**
 * Starts a server that answers with `code` at one stage and accepts everything else. With `silence` it never answers at that stage.
 */
export async function strictSmtp(stage: SmtpStage, code: number | 'silence'): Promise<StrictSmtp> {
  const sockets = new Set<Socket>();
  let messages = 0;
  const at = (reached: SmtpStage, proceed: (error?: Error | null) => void): void => {
    if (reached !== stage) proceed();
    else if (code !== 'silence') proceed(Object.assign(new Error('Refused by the test'), { responseCode: code }));
  };
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: stage !== 'AUTH',
    allowInsecureAuth: true,
    onConnect: (_session, callback) => at('greeting', callback),
    onAuth: (_auth, _session, callback) => at('AUTH', (error) => callback(error ?? null, { user: 'u' })),
    onMailFrom: (_address, _session, callback) => at('MAIL FROM', callback),
    onRcptTo: (_address, _session, callback) => at('RCPT TO', callback),
    onData: (stream, _session, callback) => {
      stream.resume().once('end', () => {
        messages += 1;
        at('DATA', callback);
      });
    },
  });
  server.on('error', () => undefined);
  server.server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new Error('The SMTP server has no port.');
  return {
    url: `smtp://${stage === 'AUTH' ? 'user:wrong@' : ''}127.0.0.1:${address.port}`,
    connections: () => sockets.size,
    messages: () => messages,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(resolve));
    },
  };
}
