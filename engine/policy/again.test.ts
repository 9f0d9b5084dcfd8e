import { channel } from '../authoring/own-channel';
import { decideAgain, type HeldBack } from './again';
import { policy } from './define';

const held: HeldBack = {
  channel: 'email',
  journey: 'trial',
  transactional: false,
  decidedAt: 0,
  expiresAt: 86_400_000,
  traits: { lineId: 'U1' },
  reach: { reachable: ['inApp'], consent: {} },
  sent: [],
};
const { own } = channel('line', { trait: 'lineId', send: () => Promise.resolve({ outcome: 'sent' }) });
const rules = { policy: policy({ quietHours: null }), channels: own ? [own.spec] : [] };

test.each(['webhook', 'slack', 'teams', 'line'])(
  'a message by %s is decided again by whom the channel reaches, which the store does not know',
  (name) => {
    expect(decideAgain(rules, { ...held, channel: name }, 1)).toMatchObject({ kind: 'send', channel: name });
  },
);

test('a message by a channel of the team that reaches the user no more is suppressed', () => {
  expect(decideAgain(rules, { ...held, channel: 'line', traits: {} }, 1)).toMatchObject({
    kind: 'suppress',
    cause: 'address',
  });
});
