import * as fc from 'fast-check';
import { createReader, type ServerSentEvent } from '../src/server-sent-events';

/** Reads a stream that arrives in the given pieces. */
function read(...pieces: readonly string[]): ServerSentEvent[] {
  const events: ServerSentEvent[] = [];
  const take = createReader((event) => void events.push(event));
  pieces.forEach(take);
  return events;
}

/** The examples of the HTML standard, section 9.2.6, and its rules. */
test.each([
  ['data: YHOO\ndata: +2\ndata: 10\n\n', ['YHOO\n+2\n10']],
  ['data\n\ndata\ndata\n\ndata:', ['', '\n']],
  ['data:test\n\ndata: test\n\n', ['test', 'test']],
  [': a comment\n\nevent: state\n\n', []],
  ['data:  two spaces\n\n', [' two spaces']],
  ['data: a: b\n\n', ['a: b']],
])('reads %j', (stream, data) => {
  expect(read(stream).map((event) => event.data)).toEqual(data);
});

test('an event has its name and the last id that was given', () => {
  expect(read('id: 1\nevent: state\ndata: a\n\ndata: b\n\nid: 2\0\ndata: c\n\n')).toEqual([
    { event: 'state', data: 'a', id: '1' },
    { event: 'message', data: 'b', id: '1' },
    { event: 'message', data: 'c', id: '1' },
  ]);
});

test('where a stream is cut makes no difference, nor how its lines end', () => {
  const line = fc.oneof(
    fc.constantFrom('', ': ping', 'data', 'event: state', 'id: 7'),
    fc.string().map((text) => `data: ${text.replace(/[\r\n]/g, '')}`),
  );
  fc.assert(
    fc.property(fc.array(line), fc.constantFrom('\n', '\r\n', '\r'), fc.array(fc.nat(40)), (lines, end, cuts) => {
      // The last character is no line end that could be half of one.
      const stream = `${lines.map((text) => text + end).join('')}${end}:`;
      const pieces: string[] = [];
      let rest = stream;
      for (const at of cuts) {
        pieces.push(rest.slice(0, at));
        rest = rest.slice(at);
      }
      expect(read(...pieces, rest)).toEqual(read(`${lines.map((text) => `${text}\n`).join('')}\n:`));
    }),
  );
});
