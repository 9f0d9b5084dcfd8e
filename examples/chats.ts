import { chats } from 'sojourn';

/** The conversations that people of the app can have, by their roles, and what each role can say. */
export default chats({
  delivery: {
    roles: {
      customer: {
        label: { en: 'Customer', de: 'Kundin oder Kunde' },
        phrases: {
          here: { en: 'I am at the door', de: 'Ich bin an der Tür' },
          'five-minutes': { en: 'I need five minutes', de: 'Ich brauche fünf Minuten' },
        },
      },
      courier: {
        label: { en: 'Courier', de: 'Kurier' },
        phrases: {
          arrived: { en: 'I have arrived', de: 'Ich bin da' },
          'which-door': { en: 'Which door is it?', de: 'Welche Tür ist es?' },
        },
      },
    },
    keep: '30 days',
  },
});
