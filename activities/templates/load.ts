import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { QUESTION_TEMPLATE } from '../../engine/authoring/question';
import type { ChannelName, OwnChannel } from '../../engine/model/channels';
import type { JsonObject } from '../../engine/model/json';
import type { AnswersRead } from '../../store/answers-read';
import { answersRead, stepsRead, type Reading } from './answers-read';
import { inAppContent, webPushContent, type EmailContent, type InAppContent, type WebPushContent } from './content';
import { parseEmail } from './email';
import { filesIn } from './files';
import { LIMITS } from './limits';
import { NO_PARTS, partsIn, type Parts } from './parts';
import { Passage } from './passage';
import { flawsOfPush } from './push-payload';
import { differingPolls } from './polls';
import { QUESTION } from './question';
import type { Template, TemplateFile } from './template';
import { TemplateError } from './template-error';
import { parseYamlTemplate } from './yaml-template';

/** The content that each channel's templates render to. A channel of a team's own is not among them: it gets any object. */
export interface Contents {
  readonly email: EmailContent;
  readonly webPush: WebPushContent;
  readonly inApp: InAppContent;
}

/** What the templates of a channel render to. */
export type ContentOf<Channel extends ChannelName> = Channel extends keyof Contents ? Contents[Channel] : JsonObject;

/** The compiled templates of all journeys. */
export interface Templates {
  /**
   * Returns the journey's own template of that name, or else the shared one.
   * @throws {TemplateError} when there is no such template or it could not be compiled
   */
  get<Channel extends ChannelName>(journey: string, channel: Channel, name: string): Template<ContentOf<Channel>>;
  /** The templates in the journey's own folder. Shared ones are not included. */
  ownOf(journey: string): readonly { readonly channel: ChannelName; readonly name: string }[];
  /** Which answers of steps they read. */
  readonly answersRead: AnswersRead;
}

interface Format<Content> {
  readonly suffix: string;
  readonly parse: (file: TemplateFile) => Template<Content> | Promise<Template<Content>>;
}

const FORMATS: { readonly [Channel in keyof Contents]: Format<Contents[Channel]> } = {
  email: { suffix: '.email.mjml', parse: parseEmail },
  webPush: { suffix: '.web-push.yaml', parse: (file) => parseYamlTemplate(file, webPushContent, flawsOfPush) },
  inApp: { suffix: '.in-app.yaml', parse: (file) => parseYamlTemplate(file, inAppContent) },
};

type Compiled<Content> = Map<string, Template<Content> | TemplateError>;

/** The format of a channel's templates. Those of a team's own channel are YAML, and render to any object. */
function formatOf(channel: ChannelName): Format<unknown> {
  return Object.hasOwn(FORMATS, channel) ? FORMATS[channel as keyof Contents] : formatOfOwn(channel);
}

function formatOfOwn(channel: OwnChannel): Format<JsonObject> {
  return { suffix: `.${channel}.yaml`, parse: (file) => parseYamlTemplate(file, z.looseObject({}) as never) };
}

/** The channels of which there are templates: those that ship, and every other that a file names, as in `hello.line.yaml`. */
function channelsIn(folders: readonly Folder[]): ChannelName[] {
  const known = Object.keys(FORMATS) as (keyof Contents)[];
  const files = folders
    .flatMap(({ paths }) => paths)
    .filter((path) => !known.some((one) => path.endsWith(FORMATS[one].suffix)));
  const own = files.flatMap((path) => /\.([a-z][A-Za-z0-9]*)\.yaml$/.exec(basename(path))?.[1] ?? []);
  return [...known, ...new Set(own)];
}

/**
 * Reads and compiles `<root>/<journey>/templates/*` and the shared `<root>/templates/*`. A template that can't be compiled does not
 * affect the others: `get` throws its error.
 * @param given the folders of the journeys. If two have a template for the same use, the one of the first counts
 * @throws {Error} when a folder can't be read
 */
export async function loadTemplates(...given: readonly string[]): Promise<Templates> {
  // MJML leaves out what it includes from a folder that is named by a relative path.
  const roots = given.map((root) => resolve(root));
  const folders = (await Promise.all(roots.map(foldersIn))).flat();
  const inApp = await compileAll(FORMATS.inApp, folders);
  const compiled = new Map<ChannelName, Compiled<unknown>>();
  for (const channel of channelsIn(folders))
    compiled.set(channel, channel === 'inApp' ? inApp : await compileAll(formatOf(channel), folders));
  const shared = new Set(roots.map(sharedIn));
  for (const folder of shared) inApp.set(join(folder, `${QUESTION_TEMPLATE}${FORMATS.inApp.suffix}`), QUESTION);
  for (const [path, error] of differingPolls(inApp)) inApp.set(path, error);
  const ownFolders = (journey: string): string[] => roots.map((root) => join(root, journey, 'templates'));
  return {
    get<Channel extends ChannelName>(journey: string, channel: Channel, name: string) {
      // Each channel's templates are compiled by its own format.
      const ofChannel = (compiled.get(channel) ?? new Map()) as Compiled<ContentOf<Channel>>;
      const file = `${name}${formatOf(channel).suffix}`;
      const found = [...ownFolders(journey), ...shared].find((folder) => ofChannel.has(join(folder, file)));
      const template = found === undefined ? undefined : ofChannel.get(join(found, file));
      if (template === undefined)
        throw new TemplateError([`there is no templates/${file}, neither the journey's nor a shared one`]);
      if (template instanceof TemplateError) throw template;
      return template;
    },
    ownOf(journey) {
      const own = ownFolders(journey);
      return folders
        .flatMap(({ paths }) => paths.filter((path) => own.includes(dirname(path))))
        .flatMap((path) =>
          [...compiled.keys()].flatMap((channel) => {
            const { suffix } = formatOf(channel);
            return path.endsWith(suffix) ? [{ channel, name: basename(path, suffix) }] : [];
          }),
        );
    },
    answersRead: answersRead(
      [...compiled].flatMap(([channel, templates]) =>
        // A later reading replaces an earlier one of the same name. Reversed, the first folder comes last.
        [...templates].reverse().flatMap(([path, template]): Reading[] => {
          if (template instanceof TemplateError) return [];
          const journey = shared.has(dirname(path)) ? null : basename(dirname(dirname(path)));
          return [{ journey, channel, name: basename(path, formatOf(channel).suffix), steps: stepsRead(template) }];
        }),
      ),
    ),
  };
}

/** The templates that are in force whenever they are used. */
export function templatesInForce(current: () => Templates): Templates {
  return {
    get: (journey, channel, name) => current().get(journey, channel, name),
    ownOf: (journey) => current().ownOf(journey),
    get answersRead() {
      return current().answersRead;
    },
  };
}

/** The files in a folder of templates, and what its templates may use. */
interface Folder {
  readonly paths: readonly string[];
  readonly parts: Parts;
  /** The folder of the shared templates beside it, or this one. */
  readonly shared: string;
}

/** The folder of the templates that the journeys in a folder share. */
function sharedIn(root: string): string {
  return join(root, 'templates');
}

/** The folders of templates of the journeys in a folder, and the one that they share. */
async function foldersIn(root: string): Promise<Folder[]> {
  const shared = sharedIn(root);
  const entries = await readdir(root, { withFileTypes: true });
  const sharedParts = await partsIn(shared, root, NO_PARTS);
  return Promise.all(
    entries
      .filter((entry) => entry.isDirectory())
      .map(async ({ name }): Promise<Folder> => {
        if (name === 'templates') return { paths: await filesIn(shared), parts: sharedParts, shared };
        const own = join(root, name, 'templates');
        return { paths: await filesIn(own), parts: await partsIn(own, root, sharedParts), shared };
      }),
  );
}

async function compileAll<Content>(format: Format<Content>, folders: readonly Folder[]): Promise<Compiled<Content>> {
  const compiled: Compiled<Content> = new Map();
  for (const { paths, parts, shared } of folders)
    for (const path of paths.filter((name) => name.endsWith(format.suffix)))
      compiled.set(path, await compileOne(format, path, shared, parts));
  return compiled;
}

async function compileOne<Content>(
  { parse }: Format<Content>,
  path: string,
  shared: string,
  parts: Parts,
): Promise<Template<Content> | TemplateError> {
  // Messages name a file by its path below the journeys' folder.
  const source = new Passage(relative(dirname(shared), path), await readFile(path, 'utf8'));
  try {
    if (source.text.length > LIMITS.parseLimit)
      throw new TemplateError([`${source.at()}: the file is longer than ${LIMITS.parseLimit} characters`]);
    return await parse({ source, path, shared, parts });
  } catch (error) {
    if (error instanceof TemplateError) return error;
    throw error;
  }
}
