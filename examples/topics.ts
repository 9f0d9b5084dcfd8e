import { topics } from 'sojourn';

/** What people can subscribe to. Their preference page shows it. */
export default topics({
  digest: {
    title: { en: 'Weekly digest', de: 'Wochenbrief' },
    description: { en: 'What is new for you, on Mondays', de: 'Was es für Sie Neues gibt, montags' },
    frequencies: ['all', 'weekly'],
  },
  tips: {
    title: { en: 'Tips', de: 'Tipps' },
    description: { en: 'How others use it', de: 'Wie andere es verwenden' },
    doubleOptIn: true,
  },
});
