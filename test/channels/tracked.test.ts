import { tracked } from '../../activities/channels/tracked';
import { verifyClick, verifyOpen } from '../../config/tracked-links';

const signer = { publicUrl: 'https://app.example.com', secret: 'a secret of the tests, long enough to be one' };
const ID = '7d9f2c1e-5b1a-4c8e-9a53-0f6d2b7c1e44';
const both = { opens: true, clicks: true };

const linksOf = (html: string): string[] => [...html.matchAll(/href="([^"]*)"/g)].map(([, link = '']) => link);

test('a link leads to its signed address by way of us', async () => {
  const html = '<body><a class="x" href="https://shop.example.com/?a=1&amp;b=%22#top">Shop</a></body>';
  const [link = ''] = linksOf(tracked(html, ID, both, signer));
  const [, token = ''] = /^https:\/\/app\.example\.com\/c\/(.+)$/.exec(link) ?? [];
  expect(await verifyClick(signer.secret, token)).toEqual({
    messageId: ID,
    url: 'https://shop.example.com/?a=1&b=%22#top',
  });
  expect(await verifyOpen(signer.secret, token)).toBeNull();
  expect(await verifyClick(`${signer.secret}x`, token)).toBeNull();
});

test('links to our own pages, and what is no web address, stay as they are', () => {
  const kept = [
    'https://app.example.com/u/token',
    'https://app.example.com/a/token',
    'mailto:a@example.com',
    'tel:+49',
    '#top',
    'https://',
  ];
  const html = kept.map((link) => `<a href="${link}">x</a>`).join('');
  expect(linksOf(tracked(html, ID, both, signer))).toEqual(kept);
  expect(tracked(html, ID, { opens: false, clicks: false }, signer)).toBe(html);
});

test('a page of the app at the same host is tracked', () => {
  const html = '<a href="https://app.example.com/orders/7">x</a>';
  expect(linksOf(tracked(html, ID, both, signer))[0]).toContain('/c/');
});

test('the picture stands at the end of the body, and names its message only', async () => {
  const html = tracked('<html><body><p>Hi</p></body></html>', ID, { opens: true, clicks: false }, signer);
  const [, token = ''] = /<img src="https:\/\/app\.example\.com\/o\/([^"]+)"[^>]*><\/body>/.exec(html) ?? [];
  expect(await verifyOpen(signer.secret, token)).toBe(ID);
});
