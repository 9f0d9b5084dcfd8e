import { countryOfNumber, phoneFlaw, phoneNumber } from './phone';

describe('the phone number of a user', () => {
  it.each([
    ['+49 171 1234567', undefined, '+491711234567'],
    ['+49 (0)171 1234567', undefined, '+491711234567'],
    ['0171 1234567', 'DE', '+491711234567'],
    ['0171/1234567', ' de ', '+491711234567'],
    ['(415) 555-2671', 'US', '+14155552671'],
    ['+1 415 555 2671', 'DE', '+14155552671'],
    ['  +44 7400 123456 ', undefined, '+447400123456'],
  ])('%s of the country %s is %s', (phone, country, expected) => {
    expect(phoneNumber({ phone, ...(country !== undefined && { country }) })).toBe(expected);
    expect(phoneFlaw({ phone, ...(country !== undefined && { country }) })).toBeNull();
  });

  it('may be in a range that the library does not know, if its length is right', () => {
    expect(phoneNumber({ phone: '+1 999 555 0100' })).toBe('+19995550100');
  });

  it.each([
    [{ phone: '0171 1234567' }, 'no country code, and no trait country that tells it'],
    [{ phone: '0171 1234567', country: 'Germany' }, 'no country code, and no trait country that tells it'],
    [{ phone: '+49 1' }, 'not a phone number'],
    [{ phone: 'call me on +49 171 1234567' }, 'no country code, and no trait country that tells it'],
    [{ phone: '+49 30 1234567 ext. 12' }, 'not a phone number'],
    [{ phone: 'none', country: 'DE' }, 'not a phone number'],
    [{ phone: 491711234567 }, 'not text'],
  ])('is none in %j', (traits, flaw) => {
    expect(phoneNumber(traits)).toBeNull();
    expect(phoneFlaw(traits)).toBe(flaw);
  });

  it.each([{}, { phone: null }, { phone: '' }])('has no flaw when there is none: %j', (traits) => {
    expect(phoneNumber(traits)).toBeNull();
    expect(phoneFlaw(traits)).toBeNull();
  });

  it('tells its country', () => {
    expect(countryOfNumber('+491711234567')).toBe('DE');
    expect(countryOfNumber('+14155552671')).toBe('US');
    expect(countryOfNumber('+80012345678')).toBeNull();
  });
});
