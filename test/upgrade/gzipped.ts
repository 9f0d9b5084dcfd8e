import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

/** What releases wrote that are to be taken up, by the version of the release. */
const folderOf = (release: string): string => join(__dirname, `written-by-${release}`);

/** Writes a file of a release. The same data makes the same bytes. */
export function writeGzipped(release: string, name: string, data: unknown): number {
  const bytes = gzipSync(JSON.stringify(data), { level: 9 });
  writeFileSync(join(folderOf(release), name), bytes);
  return bytes.length;
}

/** Reads a file of a release. */
export function readGzipped(release: string, name: string): unknown {
  return JSON.parse(gunzipSync(readFileSync(join(folderOf(release), name))).toString());
}
