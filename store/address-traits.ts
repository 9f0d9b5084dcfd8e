/** The trait that holds a person's address on a channel, for channels whose addresses can be suppressed. */
export const ADDRESS_TRAITS: Readonly<Record<string, string>> = {
  email: 'email',
  sms: 'phone',
  voice: 'phone',
  whatsApp: 'phone',
};
