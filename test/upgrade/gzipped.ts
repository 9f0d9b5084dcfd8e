import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

/** The folder of the files that a release wrote. */
const folderOf = (release: string): string => join(__dirname, `written-by-${release}`);

/** Writes a file of a release. The same data makes the same bytes. Returns the number of bytes. */
export function writeGzipped(release: string, name: string, data: unknown): number {
  const bytes = gzipSync(JSON.stringify(data), { level: 9 });
  writeFileSync(join(folderOf(release), name), bytes);
  return bytes.length;
}

/** Reads a file of a release. */
export function readGzipped(release: string, name: string): unknown {
  return JSON.parse(gunzipSync(readFileSync(join(folderOf(release), name))).toString());
}
