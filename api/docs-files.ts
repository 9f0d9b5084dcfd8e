import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The files of Swagger UI that the reference needs. */
export const SWAGGER_FILES = ['swagger-ui-bundle.js', 'swagger-ui.css'] as const;

/** Where a build puts them. */
const BUILT = join(__dirname, '..', 'swagger-ui');

/** The folder with the files of Swagger UI: that of the build, or of the package where the API runs from its sources. */
export function swaggerFolder(): string {
  return existsSync(BUILT) ? BUILT : dirname(require.resolve('swagger-ui-dist/package.json'));
}

/** Reads a file of Swagger UI. */
export function readSwaggerFile(name: (typeof SWAGGER_FILES)[number]): Buffer {
  return readFileSync(join(swaggerFolder(), name));
}
