import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signUserToken } from '../../config/tokens';
import { until } from '../../dev/until';
import type { Content } from '../../sdk/browser/src/wire';
import { InAppUser } from '../api/in-app-users';
import { SECRET, type TestApi } from '../api/server';
import { deliver } from '../sdk/in-app';
import { ClientProcess, type Shown } from './client-process';
import { Proxy } from './proxy';

const HOUR_MS = 3_600_000;

/** What the run holds against a client. */
export interface Check {
  readonly name: string;
  /** The sentence of docs/in-app-protocol.md, in its words. */
  readonly says: string;
  /** How fast the client's clock is. Default: as a real one. */
  readonly speed?: number;
  /** Rejects when the client does not do as the sentence says. */
  readonly run: (bench: Bench) => Promise<void>;
}

let users = 0;

/** What one check works with: a user, a network, and clients. */
export class Bench {
  private readonly clients: ClientProcess[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'sojourn-conformance-'));

  private constructor(
    readonly api: TestApi,
    readonly user: InAppUser,
    readonly proxy: Proxy,
    private readonly options: { readonly command: string; readonly patienceMs: number; readonly speed: number },
  ) {}

  static async open(
    api: TestApi,
    { speed = 1 }: Check,
    options: { readonly command: string; readonly patienceMs: number },
  ): Promise<Bench> {
    return new Bench(api, await newUser(api), await Proxy.start(api.url, speed), { ...options, speed });
  }

  /** Starts a client with the storage that earlier clients of this check had. Default: for the user, with a token that is valid. */
  async start({
    user = this.user,
    token = user.token,
  }: { user?: InAppUser; token?: string } = {}): Promise<ClientProcess> {
    const client = new ClientProcess(this.options.command, () => this.newToken(user));
    this.clients.push(client);
    await client.tell({ do: 'start', url: this.proxy.url, token, folder: this.folder, speed: this.options.speed });
    return client;
  }

  /** The token that a client gets when it asks for one. */
  newToken(user: InAppUser): Promise<string> {
    return signUserToken(SECRET, user.id, HOUR_MS + 1_000);
  }

  otherUser(): Promise<InAppUser> {
    return newUser(this.api);
  }

  /** Delivers a message to the user. Returns its id. */
  deliver(content: Content | object): Promise<string> {
    return deliver(this.api, this.user, content as Content);
  }

  /** Calls the API as another device of the user does, not through the proxy. */
  elsewhere(method: string, path: string): ReturnType<TestApi['call']> {
    return this.api.call(method, path, { headers: { authorization: `Bearer ${this.user.token}` } });
  }

  /** Waits for a condition. */
  until<T>(what: string, condition: () => T | Promise<T>): ReturnType<typeof until<T>> {
    return until(what, condition, { timeoutMs: this.options.patienceMs, everyMs: 10 });
  }

  /** Waits until the client shows what is wanted. */
  async untilShown(client: ClientProcess, what: string, wanted: (shown: Shown) => boolean): Promise<void> {
    await this.until(`the client shows ${what}`, () => client.shown && wanted(client.shown));
  }

  /** Waits until the client shows exactly these messages, the latest first. */
  untilMessages(client: ClientProcess, ...ids: readonly string[]): Promise<void> {
    return this.untilShown(
      client,
      `the messages ${ids.join(', ')}`,
      ({ messages }) => String(messages) === String(ids),
    );
  }

  /** Real milliseconds in which so much time passes by the client's clock. A timer may be early by its resolution. */
  ms(seconds: number): number {
    return (seconds * 1_000) / this.options.speed - 3;
  }

  async close(): Promise<void> {
    await Promise.all(this.clients.map((client) => client.kill()));
    await this.proxy.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function newUser({ database }: TestApi): Promise<InAppUser> {
  return InAppUser.create(database, `conformance-${process.pid}-${++users}`);
}
