/** What journeys import: `import { journey } from 'sojourn'`. For their tests there is `sojourn/testing`. */
export * from './engine';
