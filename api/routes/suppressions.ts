import { z } from 'zod';
import { CHANNEL_NAME } from '../../engine/model/channels';
import { canBeAddress } from '../../engine/model/reach';
import { CHANNELS_WITH_ADDRESSES } from '../../store/address-traits';
import { channelsByTrait } from '../../store/channel-traits';
import { addSuppressions, listSuppressions, removeSuppression, SUPPRESSIONS } from '../../store/suppression-list';
import type { Gates } from '../auth';
import { pageOf, readCursor } from '../cursor';
import type { ApiDeps } from '../deps';
import { isoTime, text, time } from '../fields';
import { invalid, Problem } from '../problem';
import { route, type Route } from '../route';

/** The most addresses in one request. */
const MOST = 1_000;

const channel = z
  .string()
  .regex(CHANNEL_NAME, 'must be the name of a channel')
  .meta({
    description: `The channel of the address: ${CHANNELS_WITH_ADDRESSES.map((name) => `\`${name}\``).join(', ')}, or one of your own that takes addresses from a trait`,
  });
const reason = z.enum(SUPPRESSIONS).meta({
  description:
    '`bounced`: it takes nothing. `complained`: its holder reported spam. Both stop every message. `opted out` stops all but transactional messages',
});
const hash = z
  .string()
  .regex(/^[\da-fA-F]{64}$/, 'must be 64 hexadecimal digits')
  .meta({ description: 'The SHA-256 hash of the address in lower case without surrounding spaces' });
const given = {
  channel,
  address: text
    .min(1)
    .max(1_000)
    .exactOptional()
    .meta({ description: 'The address. It is not stored, only its hash is. Give this or `hash`' }),
  hash: hash.exactOptional(),
};
const EITHER = 'must have either `address` or `hash`';
const NO_ADDRESS = { error: 'must be an address of the channel', path: ['address'] };
const isAddress = ({ channel: name, address }: { channel: string; address?: string }): boolean =>
  address === undefined || canBeAddress(name, address);
const hasEither = (one: { address?: string; hash?: string }): boolean =>
  (one.address === undefined) !== (one.hash === undefined);

const ADDRESS = { channel: 'email', address: 'ada@example.com' };
/** The place of a row: of the next page it is what comes after. */
const place = z.tuple([hash, text, z.enum(SUPPRESSIONS)]);

/** The list of addresses that get no messages. */
export function suppressionRoutes({ database, clock }: ApiDeps, { adminKey }: Gates): Route[] {
  /** @throws {Problem} 422 for each channel that has no addresses */
  async function requireChannels(given: readonly (readonly [pointer: string, channel: string])[]): Promise<void> {
    if (given.every(([, name]) => CHANNELS_WITH_ADDRESSES.includes(name))) return;
    const known = [...CHANNELS_WITH_ADDRESSES, ...(await channelsByTrait(database.pool))];
    const detail = `must be a channel with addresses: ${known.join(', ')}`;
    const unknown = given.filter(([, name]) => !known.includes(name));
    if (unknown.length > 0) throw invalid(unknown.map(([pointer]) => ({ pointer, detail })));
  }

  const shared = { path: '/v1/suppressions', tag: 'Suppressions', access: adminKey } as const;
  return [
    route({
      ...shared,
      method: 'get',
      name: 'listSuppressions',
      summary: 'List suppressed addresses',
      description:
        'Returns hashes in their order. The addresses themselves are not stored, because the list outlasts the erasure of its users.',
      query: z.strictObject({
        limit: z.coerce.number().int().min(1).max(MOST).default(100),
        cursor: text.max(1_000).optional().meta({ description: 'The value of `next` from the previous page' }),
      }),
      example: { query: { limit: '10' } },
      answers: {
        200: {
          description: 'A page of the list',
          schema: z.object({
            suppressions: z
              .array(
                z.object({
                  channel: z.string().meta({ description: 'The channel of the address' }),
                  hash,
                  reason,
                  at: time,
                }),
              )
              .meta({ description: 'The addresses of this page, by hash' }),
            next: z.string().nullable().meta({ description: 'The `cursor` of the next page; null on the last page' }),
          }),
          example: { suppressions: [], next: null },
        },
      },
      handle: async ({ query: { limit, cursor } }) => {
        const [last, on, why] = cursor === undefined ? [] : readCursor(cursor, place);
        const after =
          last === undefined || on === undefined || why === undefined ? null : { hash: last, channel: on, cause: why };
        const found = await listSuppressions(database.pool, after, limit + 1);
        const { items, next } = pageOf(found, limit, (row) => [row.hash, row.channel, row.cause]);
        const suppressions = items.map(({ cause, at, ...row }) => ({ ...row, reason: cause, at: isoTime(at) }));
        return { status: 200, body: { suppressions, next } };
      },
    }),
    route({
      ...shared,
      method: 'post',
      name: 'addSuppressions',
      summary: 'Suppress addresses',
      description:
        'From now on the addresses get nothing, whoever has them: neither from journeys nor by `POST /v1/messages`. What is queued is not sent.',
      body: z.object({
        suppressions: z
          .array(
            z
              .object({ ...given, reason })
              .refine(hasEither, EITHER)
              .refine(isAddress, NO_ADDRESS),
          )
          .min(1)
          .max(MOST)
          .meta({ description: 'The addresses to suppress' }),
      }),
      example: { body: { suppressions: [{ ...ADDRESS, reason: 'complained' }] } },
      answers: {
        200: {
          description: 'Suppressed',
          schema: z.object({
            added: z.int().meta({ description: 'How many were not suppressed for this reason yet' }),
          }),
          example: { added: 1 },
        },
      },
      handle: async ({ body }) => {
        await requireChannels(body.suppressions.map((one, n) => [`/suppressions/${n}/channel`, one.channel]));
        const rows = body.suppressions.map(({ reason: cause, ...one }) => ({ ...one, cause }));
        return { status: 200, body: { added: await addSuppressions(database.pool, rows, clock.now()) } };
      },
    }),
    route({
      ...shared,
      method: 'delete',
      name: 'removeSuppression',
      summary: 'Allow a suppressed address again',
      description: 'Forgets all reasons, and the soft bounces that were counted. The consent of users stays as it is.',
      body: z.object(given).refine(hasEither, EITHER),
      example: { body: ADDRESS },
      answers: { 204: { description: 'Allowed' }, 404: { description: 'The address is not suppressed' } },
      handle: async ({ body }) => {
        await requireChannels([['/channel', body.channel]]);
        if (await removeSuppression(database.pool, body)) return { status: 204 };
        throw new Problem(404, { detail: 'The address is not suppressed.' });
      },
    }),
  ];
}
