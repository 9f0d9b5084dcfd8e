/**
 * The name under which a provider keeps our id of a message and repeats it in its reports. Postmark takes 20 characters, SES and Resend
 * letters, digits, `_` and `-`.
 */
export const MESSAGE_REFERENCE = 'sojourn_message_id';
