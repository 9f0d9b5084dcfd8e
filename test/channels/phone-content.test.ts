import { flawsOfSms, smsContent, voiceContent, whatsAppContent } from '../../activities/templates/phone-content';

describe('the segments of an SMS', () => {
  it.each([
    ['a'.repeat(160), 1],
    ['a'.repeat(161), 2],
    ['a'.repeat(306), 2],
    ['a'.repeat(307), 3],
    // Characters of the extension table take two places, also across the border of segments.
    [`${'a'.repeat(159)}€`, 2],
    [`${'a'.repeat(152)}€${'a'.repeat(10)}`, 2],
    // Beyond GSM-7 all characters take two octets.
    ['ж'.repeat(70), 1],
    ['ж'.repeat(71), 2],
    [`${'a'.repeat(69)}’`, 1],
    [`${'a'.repeat(70)}’`, 2],
    ['😀'.repeat(35), 1],
    ['😀'.repeat(36), 2],
  ])('of %s are %i', (text, segments) => {
    expect(flawsOfSms({ text, segments })).toEqual([]);
    if (segments > 1) expect(flawsOfSms({ text, segments: segments - 1 })).toHaveLength(1);
  });

  it('name the characters that make a text expensive', () => {
    expect(flawsOfSms({ text: `${'a'.repeat(70)}’ and “so on”`, segments: 1 })).toEqual([
      'the text takes 2 segments in UCS-2, as ’ “ ” is not in GSM-7; it may take at most 1',
    ]);
  });

  it('are at most ten unless the template says less', () => {
    expect(flawsOfSms({ text: 'ж'.repeat(670) })).toEqual([]);
    expect(flawsOfSms({ text: 'ж'.repeat(671) })).toHaveLength(1);
    expect(smsContent.safeParse({ text: 'a', segments: 11 }).success).toBe(false);
  });
});

describe('a WhatsApp message', () => {
  const template = `HX${'0'.repeat(32)}`;
  it.each([
    [{ template, variables: { '1': 'B12' } }, true],
    [{ template }, true],
    [{ text: 'Hello' }, true],
    [{ text: 'Hello', template }, false],
    [{ text: 'Hello', variables: { '1': 'B12' } }, false],
    [{ template: 'welcome' }, false],
    [{}, false],
  ])('%j: %s', (content, fits) => {
    expect(whatsAppContent.safeParse(content).success).toBe(fits);
  });
});

describe('a call', () => {
  it('says no more than fits into a request', () => {
    expect(voiceContent.safeParse({ say: 'a'.repeat(3_000) }).success).toBe(true);
    expect(voiceContent.safeParse({ say: 'a'.repeat(3_001) }).success).toBe(false);
  });
});
