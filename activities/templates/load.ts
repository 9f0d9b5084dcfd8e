import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { QUESTION_TEMPLATE } from '../../engine/authoring/question';
import { CHANNELS, type ChannelName } from '../../engine/model/state';
import type { AnswersRead } from '../../store/answers-read';
import { answersRead, stepsReadByAny, type Reading } from './answers-read';
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
import { lookUp, variantsAmong } from './variants';
import { parseYamlTemplate } from './yaml-template';

/** The content that each channel's templates render to. */
export interface Contents {
  readonly email: EmailContent;
  readonly webPush: WebPushContent;
  readonly inApp: InAppContent;
}

/** The compiled templates of all journeys. */
export interface Templates {
  /**
   * Returns the journey's own template of that name, or else the shared one: the variant for a language, if there is one.
   * @param language a language tag, such as `de-AT`. Default: none is known
   * @throws {TemplateError} when there is no such template or it could not be compiled
   */
  get<Channel extends ChannelName>(
    journey: string,
    channel: Channel,
    name: string,
    language?: string | null,
  ): Template<Contents[Channel]>;
  /** The languages for which the template that `get` returns has variants, sorted. Empty when there is no such template. */
  languagesOf(journey: string, channel: ChannelName, name: string): readonly string[];
  /** The templates in the journey's own folder. Shared ones are not included. */
  ownOf(journey: string): readonly { readonly channel: ChannelName; readonly name: string }[];
  /** Which answers of steps they read. */
  readonly answersRead: AnswersRead;
}

interface Format<Content> {
  readonly suffix: string;
  readonly parse: (file: TemplateFile) => Template<Content> | Promise<Template<Content>>;
}

const FORMATS: { readonly [Channel in ChannelName]: Format<Contents[Channel]> } = {
  email: { suffix: '.email.mjml', parse: parseEmail },
  webPush: { suffix: '.web-push.yaml', parse: (file) => parseYamlTemplate(file, webPushContent, flawsOfPush) },
  inApp: { suffix: '.in-app.yaml', parse: (file) => parseYamlTemplate(file, inAppContent) },
};

type Compiled<Content> = Map<string, Template<Content> | TemplateError>;

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
  const compiled: { readonly [Channel in ChannelName]: Compiled<Contents[Channel]> } = {
    email: await compileAll(FORMATS.email, folders),
    webPush: await compileAll(FORMATS.webPush, folders),
    inApp: await compileAll(FORMATS.inApp, folders),
  };
  const shared = new Set(roots.map(sharedIn));
  for (const folder of shared)
    compiled.inApp.set(join(folder, `${QUESTION_TEMPLATE}${FORMATS.inApp.suffix}`), QUESTION);
  for (const [path, error] of differingPolls(compiled.inApp)) compiled.inApp.set(path, error);
  const variants = new Map(
    CHANNELS.flatMap((channel) => [...variantsAmong(compiled[channel].keys(), FORMATS[channel].suffix)]),
  );
  const inLanguages = new Set([...variants.values()].flatMap((paths) => [...paths.values()]));
  const ownFolders = (journey: string): string[] => roots.map((root) => join(root, journey, 'templates'));
  const pathOf = (journey: string, channel: ChannelName, name: string): string | undefined =>
    [...ownFolders(journey), ...shared]
      .map((folder) => join(folder, `${name}${FORMATS[channel].suffix}`))
      .find((path) => compiled[channel].has(path));
  return {
    get(journey, channel, name, language = null) {
      const ofChannel: Compiled<Contents[typeof channel]> = compiled[channel];
      const found = pathOf(journey, channel, name);
      const variant = found === undefined ? null : lookUp(variants.get(found) ?? new Map(), language);
      const template = found === undefined ? undefined : ofChannel.get(variant ?? found);
      if (template === undefined) {
        const file = `${name}${FORMATS[channel].suffix}`;
        throw new TemplateError([`there is no templates/${file}, neither the journey's nor a shared one`]);
      }
      if (template instanceof TemplateError) throw template;
      return template;
    },
    languagesOf(journey, channel, name) {
      const found = pathOf(journey, channel, name);
      return found === undefined ? [] : [...(variants.get(found) ?? new Map<string, string>()).keys()].sort();
    },
    ownOf(journey) {
      const own = ownFolders(journey);
      return folders
        .flatMap(({ paths }) => paths.filter((path) => own.includes(dirname(path)) && !inLanguages.has(path)))
        .flatMap((path) =>
          CHANNELS.filter((channel) => path.endsWith(FORMATS[channel].suffix)).map((channel) => ({
            channel,
            name: basename(path, FORMATS[channel].suffix),
          })),
        );
    },
    answersRead: answersRead(
      CHANNELS.flatMap((channel) =>
        // A later reading replaces an earlier one of the same name. Reversed, the first folder comes last.
        [...compiled[channel]].reverse().flatMap(([path, template]): Reading[] => {
          if (template instanceof TemplateError || inLanguages.has(path)) return [];
          const inOthers = [...(variants.get(path) ?? [])].flatMap(
            ([, variant]) => compiled[channel].get(variant) ?? [],
          );
          const journey = shared.has(dirname(path)) ? null : basename(dirname(dirname(path)));
          return [
            {
              journey,
              channel,
              name: basename(path, FORMATS[channel].suffix),
              steps: stepsReadByAny([template, ...inOthers]),
            },
          ];
        }),
      ),
    ),
  };
}

/** The templates that are in force whenever they are used. */
export function templatesInForce(current: () => Templates): Templates {
  return {
    get: (journey, channel, name, language) => current().get(journey, channel, name, language),
    languagesOf: (journey, channel, name) => current().languagesOf(journey, channel, name),
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
