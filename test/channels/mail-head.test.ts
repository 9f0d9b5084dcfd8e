import { checkTemplate } from '../../activities/templates/check';
import type { EmailContent } from '../../activities/templates/content';
import type { JsonObject } from '../../engine/model/json';
import { context, mjml, templatesOf } from './fixture';

async function rendered(frontMatter: string, data: JsonObject = {}): Promise<EmailContent> {
  const templates = await templatesOf({ 'a/templates/x.email.mjml': mjml('Hello', `subject: Hello\n${frontMatter}`) });
  return templates.get('a', 'email', 'x').render({ ...context, data });
}

const PDF = { filename: 'invoice.pdf', contentType: 'application/pdf', base64: 'JVBERg==' };

test('a template names sender, replies, copies, headers and attachments', async () => {
  const content = await rendered(
    `from: "{{ data.name }} <billing@example.com>"
replyTo: support@example.com
cc:
  - accounts@example.com
  - "{{ data.manager }}"
headers:
  List-Id: <invoices.example.com>
  X-Order: "{{ data.order }}"
attachments: data.files`,
    { name: 'Grüße', manager: 'eve@example.com', order: 7, files: [PDF] },
  );
  expect(content).toMatchObject({
    from: 'Grüße <billing@example.com>',
    replyTo: ['support@example.com'],
    cc: ['accounts@example.com', 'eve@example.com'],
    headers: { 'List-Id': '<invoices.example.com>', 'X-Order': '7' },
    attachments: [PDF],
  });
});

test('what renders to nothing is left out', async () => {
  const content = await rendered(
    `from: "{{ data.none }}"\nreplyTo: ["{{ data.none }}"]\ncc: "{{ data.none }}"\nheaders: { X-A: "{{ data.none }}" }\nattachments: data.none`,
  );
  expect(Object.keys(content).sort()).toEqual(['html', 'subject', 'text']);
});

test.each([
  'nobody',
  'a@example.com, b@example.com',
  'a@example.com; b@example.com',
  'Team: a@example.com, b@example.com;',
  'a@example.com\r\nBcc: all@example.com',
  'a@b@example.com',
])('a text that renders to %j is not one address', async (address) => {
  for (const field of ['from', 'replyTo', 'cc'])
    await expect(rendered(`${field}: "{{ data.address }}"`, { address })).rejects.toThrow(
      /^a\/templates\/x\.email\.mjml:3: (from|replyTo\.0|cc\.0): must render to one address/,
    );
});

test('a header is one line', async () => {
  const forged = rendered('headers: { X-A: "{{ data.text }}" }', { text: 'a\r\nBcc: all@example.com' });
  await expect(forged).rejects.toThrow('a/templates/x.email.mjml:3: headers.X-A: must render to one line');
  const long = rendered('headers: { X-A: "{{ data.text }}" }', { text: 'é'.repeat(451) });
  await expect(long).rejects.toThrow('at most 900 octets');
});

test.each([
  'Subject',
  'Bcc',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
  'X-Sojourn-Journey',
  'Content-Type',
  'X-A: b',
])('a template may not set the header %s', async (name) => {
  await expect(rendered(`headers: { "${name}": x }`)).rejects.toThrow(/List-…, X-…/);
});

test.each([
  ['data.files.0.base64: must be base64', [{ ...PDF, base64: '%PDF' }]],
  ['data.files.1.contentType: must be a media type', [PDF, { ...PDF, contentType: 'pdf' }]],
  ['data.files.0.filename: must be a name', [{ ...PDF, filename: '../invoice.pdf' }]],
  ['data.files: must be a list', 'invoice.pdf'],
  ['data.files: has more than 20 files', Array.from({ length: 21 }, () => PDF)],
  [
    'data.files: has 7500000 octets; all files together may have 7000000',
    [
      { ...PDF, base64: 'A'.repeat(5_000_000) },
      { ...PDF, base64: 'A'.repeat(5_000_000) },
    ],
  ],
])('an error about attachments names the field: %s', async (problem, files) => {
  await expect(rendered('attachments: data.files', { files })).rejects.toThrow(
    `a/templates/x.email.mjml:3: attachments: ${problem}`,
  );
});

test('the path of the attachments is checked with the example, like every variable', async () => {
  const templates = await templatesOf({
    'a/templates/x.email.mjml': mjml('Hello', 'subject: Hello\ncc: "{{ data.boss }}"\nattachments: data.files'),
  });
  const use = { journey: 'a', step: 's', channel: 'email', name: 'x', context } as const;
  expect(checkTemplate(templates, use)).toEqual([
    "a, step 's': email template 'x': a/templates/x.email.mjml:3: unknown variable data.boss in cc.0",
    "a, step 's': email template 'x': a/templates/x.email.mjml:4: unknown variable data.files in attachments",
  ]);
});

test('attachments are named by a path', async () => {
  await expect(rendered('attachments: "{{ data.files }}"')).rejects.toThrow('must be the path of a list');
});
