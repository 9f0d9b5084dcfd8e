import { checkTemplate } from '../../activities/templates/check';
import { context, templatesOf } from './fixture';

/** The text part of a mail with this in its one column. */
async function textOf(column: string, data: Record<string, unknown> = {}): Promise<string> {
  const templates = await templatesOf({ 'a/templates/x.email.mjml': source(column) });
  return templates.get('a', 'email', 'x').render({ ...context, data: { ...context.data, ...data } as never }).text;
}

const source = (column: string): string =>
  `---\nsubject: Hello\n---\n<mjml><mj-body><mj-section><mj-column>${column}</mj-column></mj-section></mj-body></mjml>`;

const ORDER = {
  lines: [
    { name: 'Green tea', price: 24.5 },
    { name: 'Cups', price: 114.5 },
  ],
};

test('each row of a table is a line, with its cells apart', async () => {
  const table = `<mj-table>
    <thead><tr><th>Item</th><th>Price</th></tr></thead>
    <tbody>{% for line in data.lines %}<tr><td>{{ line.name }}</td><td>{{ line.price }}</td></tr>{% endfor %}</tbody>
    <tr><td></td><td><p>139.0</p></td></tr>
  </mj-table>`;
  expect(await textOf(table, ORDER)).toBe('Item | Price\nGreen tea | 24.5\nCups | 114.5\n | 139.0');
});

test('cells that Liquid makes or leaves out are told apart too', async () => {
  const table = `<mj-table><tr>{% for line in data.lines %}<td>{{ line.name }}</td>{% endfor %}{% if data.no %}<td>no</td>{% endif %}</tr></mj-table>`;
  expect(await textOf(table, ORDER)).toBe('Green tea | Cups');
});

test('a table in a text is one of data, a table for the layout is not', async () => {
  expect(await textOf('<mj-text><table><tr><td>a</td><td>b</td></tr></table></mj-text>')).toBe('a | b');
  expect(
    await textOf('<mj-raw><table role="presentation"><tr><td><p>a</p></td><td><p>b</p></td></tr></table></mj-raw>'),
  ).toBe('a\n\nb');
});

test('a table as people write it, with loops, conditions and blanks, is a line for each row', async () => {
  const table = `<mj-table>
    <tr>
      <th align="left">Item</th>
      <th align="right">Price</th>
    </tr>
    {% for line in data.lines %}
      {% if line.price > 0 %}
      <tr>
        <td>
          {{ line.name }}
          {% if line.price > 100 %}<b>(new)</b>{% endif %}
        </td>
        <td align="right">{{ line.price | money: "EUR" }}</td>
      </tr>
      {% endif %}
    {% else %}
      <tr><td colspan="2">Nothing</td></tr>
    {% endfor %}
  </mj-table>`;
  expect(await textOf(table, ORDER)).toBe('Item | Price\nGreen tea | €24.50\nCups (new) | €114.50');
  expect(await textOf(table, { lines: [] })).toBe('Item | Price\nNothing');
});

test('sections that Liquid repeats are texts of their own', async () => {
  const templates = await templatesOf({
    'a/templates/x.email.mjml': `---\nsubject: Hello\n---\n<mjml><mj-body>
      <mj-raw>{% for line in data.lines %}</mj-raw>
      <mj-section><mj-column><mj-text>{{ line.name }}</mj-text></mj-column><mj-column><mj-text>{{ line.price }}</mj-text></mj-column></mj-section>
      <mj-raw>{% endfor %}</mj-raw>
    </mj-body></mjml>`,
  });
  const { html, text } = templates.get('a', 'email', 'x').render({ ...context, data: ORDER });
  expect(text).toBe('Green tea\n\n24.5\n\nCups\n\n114.5');
  expect(html.match(/Green tea|Cups/g)).toHaveLength(2);
});

test('a table of data keeps its cells apart within tables for the layout, and they have none', async () => {
  const layout = (cell: string): string =>
    `<table role="presentation"><tr><td>${cell}</td><td>beside</td></tr></table>`;
  const rows =
    '<table>{% for line in data.lines %}<tr><td>{{ line.name }}</td><td>{{ line.price }}</td></tr>{% endfor %}</table>';
  expect(await textOf(`<mj-raw>${layout(layout(rows))}</mj-raw>`, ORDER)).toMatch(
    /^Green tea \| 24\.5\nCups \| 114\.5\n+beside\s*beside$/,
  );
});

test('a table for the layout within a cell does not break the row into lines of one cell', async () => {
  const inner = '<table role="presentation"><tr><td>Green</td><td>tea</td></tr></table>';
  expect(await textOf(`<mj-table><tr><td>${inner}</td><td>24.5</td></tr></mj-table>`)).toBe('Green tea | 24.5');
});

test('paragraphs and lists in a cell stay in the line of its row', async () => {
  const cell = '<p>a</p><p>b</p><ol><li>c</li><li>d</li></ol>';
  expect(await textOf(`<mj-table><tr><td>${cell}</td><td>e</td></tr></mj-table>`)).toBe('a b 1. c 2. d | e');
  expect(await textOf('<mj-table><tr><td><ol><li>c</li></ol></td><td>e</td></tr></mj-table>')).toBe('1. c | e');
});

test('an image says its alt text, with its link if it has one, and none without', async () => {
  expect(await textOf('<mj-image src="https://x/i.png" alt="Your code: {{ data.code }}" />', { code: 'TEA-5' })).toBe(
    'Your code: TEA-5',
  );
  expect(await textOf('<mj-image src="https://x/i.png" alt="To the shop" href="https://shop.example" />')).toBe(
    'To the shop (https://shop.example)',
  );
  expect(await textOf('<mj-image src="https://x/i.png" /><mj-text>Hello</mj-text>')).toBe('Hello');
});

test('a link that is written out stands there once', async () => {
  expect(await textOf('<mj-text><a href="{{ links.app }}">{{ links.app }}</a></mj-text>')).toBe(
    'https://app.example.com',
  );
  expect(await textOf('<mj-text>(<a href="https://a.example">https://a.example</a>).</mj-text>')).toBe(
    '(https://a.example).',
  );
  expect(await textOf('<mj-button href="{{ links.app }}">Open</mj-button>')).toBe('Open (https://app.example.com)');
  expect(await textOf('<mj-text><a href="mailto:a@b.example">a@b.example</a></mj-text>')).toBe('a@b.example');
});

test('a numbered list is numbered, however Liquid makes its items', async () => {
  const list = `<mj-text><ol>{% for line in data.lines %}<li>{{ line.name }}<ol><li>in</li><li>side</li></ol></li>{% endfor %}<li>Pay</li></ol>
    <p>Then</p><ol><li>Drink</li></ol></mj-text>`;
  expect(await textOf(list, ORDER)).toBe(
    ' 1. Green tea\n    1. in\n    2. side\n 2. Cups\n    1. in\n    2. side\n 3. Pay\n\nThen\n\n 1. Drink'.trim(),
  );
});

test('writing from right to left keeps its order', async () => {
  const column =
    '<mj-text align="right"><p dir="rtl">שלום {{ user.traits.firstName }}</p></mj-text><mj-table><tr><td>תה</td><td>24</td></tr></mj-table>';
  expect(await textOf(column)).toBe('שלום Ada\n\nתה | 24');
});

test('spacers and dividers leave one empty line', async () => {
  expect(await textOf('<mj-text>a</mj-text><mj-spacer height="20px" /><mj-divider /><mj-text>b</mj-text>')).toBe(
    'a\n\nb',
  );
});

test('a mail whose text part is empty is a problem', async () => {
  const check = async (column: string): Promise<string[]> => {
    const templates = await templatesOf({ 'a/templates/x.email.mjml': source(column) });
    return checkTemplate(templates, { journey: 'a', step: 's', channel: 'email', name: 'x', context });
  };
  expect(await check('<mj-image src="https://x/i.png" />')).toEqual([
    "a, step 's': email template 'x': a/templates/x.email.mjml:4: the text part of the mail is empty; add a text, or give the images an alt text",
  ]);
  expect(await check('<mj-image src="https://x/i.png" alt="Hello" />')).toEqual([]);
});
