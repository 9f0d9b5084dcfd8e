import { prepared, statement } from '../../store/sql';

interface Values {
  readonly name: string;
  readonly age: number;
}

test('parameters are numbered in the order of their first use, and each is sent once', () => {
  const query = statement<Values>((param) => `SELECT ${param.age}, ${param.name}, ${param.age}`);
  expect(query({ name: 'Ada', age: 36 })).toEqual({ text: 'SELECT $1, $2, $1', values: [36, 'Ada'] });
});

test('a parameter that the text does not use is not sent', () => {
  const query = statement<Values>((param) => `SELECT ${param.name}`);
  expect(query({ name: 'Ada', age: 36 })).toEqual({ text: 'SELECT $1', values: ['Ada'] });
});

test('a prepared statement has its name, and the same text in every call', () => {
  const query = prepared<Values>('greet', (param) => `SELECT ${param.name}`);
  expect(query({ name: 'Ada', age: 36 })).toEqual({ name: 'greet', text: 'SELECT $1', values: ['Ada'] });
  expect(query({ name: 'Alan', age: 41 })).toEqual({ name: 'greet', text: 'SELECT $1', values: ['Alan'] });
});

test('comments are removed, and text that only looks like a comment is kept', () => {
  const query = statement<Values>(
    (param) => `
-- The user's name, and a "quote.
SELECT ${param.name}, '--', 'it''s -- text', "a--b" -- '
FROM users -- the end`,
  );
  expect(query({ name: 'Ada', age: 36 }).text).toBe(`
SELECT $1, '--', 'it''s -- text', "a--b"
FROM users`);
});

test('a wrong or missing name is a compile error', () => {
  // @ts-expect-error -- There is no parameter of this name.
  statement<Values>((param) => `SELECT ${String(param.nmae)}`);
  const query = statement<Values>((param) => `SELECT ${param.name}`);
  // @ts-expect-error -- A value is missing.
  query({ name: 'Ada' });
  // @ts-expect-error -- There is no parameter of this name.
  query({ name: 'Ada', age: 36, nmae: 'Ada' });
});
