import { traceOf } from './log';

test('a trace has the type, code and stack of an error, but not its message', () => {
  const error = Object.assign(new RangeError('no such account\n    at ada@example.com'), { code: 'E_ACCOUNT' });
  const { stack, ...rest } = traceOf(error);
  expect(rest).toEqual({ type: 'RangeError', code: 'E_ACCOUNT' });
  expect(stack).toContain('log.test');
  expect(stack).not.toContain('ada');
});
