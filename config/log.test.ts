import { traceOf } from './log';

test('of an error its type, code and place are told, nothing of what it says', () => {
  const error = Object.assign(new RangeError('no such account\n    at ada@example.com'), { code: 'E_ACCOUNT' });
  const { stack, ...rest } = traceOf(error);
  expect(rest).toEqual({ type: 'RangeError', code: 'E_ACCOUNT' });
  expect(stack).toContain('log.test');
  expect(stack).not.toContain('ada');
});
