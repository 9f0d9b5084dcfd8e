import { answered, anyOf, journey } from 'sojourn';
import { scoreGiven } from '../events';
import { openTicket } from '../services';

const lowAnswer = answered.where({ journey: 'nps', step: 'tell us', value: ['0', '1', '2', '3', '4', '5', '6'] });
const lowScore = scoreGiven.where({ score: { atMost: 6 } });

/** 0 to 6, in the app or on the page, opens a ticket by webhook. An answer that arrives twice opens one. */
export default journey(
  'nps-ticket',
  { enter: anyOf(lowAnswer, lowScore), reenter: { after: '30 days' } },
  async (j) => {
    await j.call('ticket', (context) => openTicket(context, { ...j.event.properties, about: 'a low score' }));
  },
);
