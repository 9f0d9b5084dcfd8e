import { chats } from 'sojourn';

/** What people can say to each other in the app. The app opens a conversation for an order, or a journey does with `j.openChat`. */
export default chats({
  /** Whoever waits for an order, and whoever brings it. They see each other's first name, and no number or address. */
  delivery: {
    roles: {
      customer: {
        label: { en: 'Customer', de: 'Kundschaft' },
        phrases: {
          here: { en: 'I am at the door', de: 'Ich bin an der Tür' },
          'five-minutes': { en: 'I need five minutes', de: 'Ich brauche fünf Minuten' },
          'leave-it': { en: 'Please leave it at the door', de: 'Bitte vor die Tür stellen' },
        },
      },
      courier: {
        label: { en: 'Courier', de: 'Kurier' },
        phrases: {
          'on-my-way': { en: 'I am on my way', de: 'Ich bin unterwegs' },
          arrived: { en: 'I have arrived', de: 'Ich bin da' },
          'no-answer': { en: 'Nobody opens the door', de: 'Niemand öffnet die Tür' },
        },
      },
    },
    keep: '30 days',
  },
});
