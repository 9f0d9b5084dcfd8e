import type { JsonObject } from 'sojourn';

/** The traits that the examples use, with example values. */
const traits: JsonObject = {
  email: 'ada@example.com',
  phone: '+49 171 1234567',
  firstName: 'Ada',
  timezone: 'Europe/Berlin',
  locale: 'en',
  birthday: '1990-03-01',
  consentedAt: '2024-01-05T12:00:00Z',
  lessonTime: '18:00',
  trialEndsAt: '2026-01-19T12:00:00Z',
  renewsAt: '2026-03-01T00:00:00Z',
  role: 'admin',
  groups: { acme: { groupId: 'acme', seats: 50, owner: 'olga' } },
};

export default traits;
