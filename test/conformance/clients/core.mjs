// Our own core as a client under test. Its first argument is the module of `@sojourn/browser/core`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

/** The kinds that an app with this client draws. */
const KINDS = 'banner modal slide-in prompt tip card survey rating poll quiz progress checklist celebration'.split(' ');

const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

/** Lets the clock of this process run faster. Returns what moves it ahead. */
export function hasten(speed) {
  const { setTimeout: set, Date } = globalThis;
  const [now, began] = [Date.now, Date.now()];
  let ahead = 0;
  globalThis.setTimeout = (work, ms = 0, ...args) => set(work, ms / speed, ...args);
  Date.now = () => began + (now() - began) * speed + ahead;
  return (seconds) => {
    ahead += seconds * 1_000;
  };
}

/** Storage in files, which outlasts the process. */
export function fileStorage(folder) {
  const file = (key) => join(folder, encodeURIComponent(key));
  return {
    getItem: (key) => {
      try {
        return readFileSync(file(key), 'utf8');
      } catch {
        return null;
      }
    },
    setItem: (key, value) => writeFileSync(file(key), value),
  };
}

/** Does what the lines of the standard input say. @param change options of the client that a faulty one has */
export async function drive(change = () => ({})) {
  const { start } = await import(pathToFileURL(process.argv[2]));
  let client;
  let later;
  let giveToken = () => undefined;
  const refresh = () =>
    new Promise((resolve) => {
      giveToken = resolve;
      print({ wants: 'token' });
    });
  const show = () => {
    const messages = client.messages.filter(({ content }) => KINDS.includes(content.kind)).map(({ id }) => id);
    print({ shows: { messages, points: client.state.profile.points } });
  };
  const instructions = {
    start: ({ url, token, folder, speed }) => {
      later = hasten(speed);
      const options = { url, token, refresh, storage: fileStorage(folder) };
      client = start({ ...options, ...change(options) });
      client.subscribe(show);
    },
    token: ({ token }) => giveToken(token),
    later: ({ seconds }) => later(seconds),
    track: ({ event, properties }) => client.track(event, properties),
    flag: ({ name, fallback }) => client.flag(name, fallback),
    react: ({ message, reaction }) => client.react(message, reaction),
    answer: ({ message, value }) => client.answer(message, value),
    answerQuestions: ({ message, answers, done }) => client.answerQuestions(message, answers, done),
  };
  for await (const line of createInterface(process.stdin)) {
    const instruction = JSON.parse(line);
    print({ did: instruction.do, value: instructions[instruction.do](instruction) });
  }
  process.exit();
}

if (process.argv[1] === import.meta.filename) await drive();
