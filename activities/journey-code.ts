import { checkDefinitions, checkStored } from '../config/check';
import { catalogue, eventsByName, loadDefinitions, type LoadedDefinitions } from '../config/definitions';
import { DefinitionsError } from '../config/definitions-error';
import { templatesRoots } from '../config/definitions-files';
import type { Running } from '../config/run-alone';
import type { EventDefinition } from '../engine/authoring/event';
import type { LiveCode } from '../store/live-definitions';
import { checkTemplate } from './templates/check';
import { loadTemplates, type Templates } from './templates/load';

/** All that a folder of journeys holds, loaded together. Nothing of it changes: an edit makes another one. */
export interface JourneyCode extends LiveCode {
  readonly definitions: LoadedDefinitions;
  readonly templates: Templates;
  /** The events of the app; see `catalogue`. */
  readonly events: readonly EventDefinition<unknown>[];
}

/** A part of the system that runs journeys. */
export interface RunningJourneys extends Running {
  /**
   * Takes up an edit of the journeys, which has been checked. A decision under way ends under the journeys with which it began.
   * @throws the database's error; the part goes on trying
   */
  replace(code: JourneyCode): Promise<void>;
}

/**
 * Loads the definitions and the templates of a folder or module of journeys. Nothing is checked beyond what keeps them from being loaded.
 * @throws {DefinitionsError} with every problem and its file
 */
export async function loadJourneyCode(path: string): Promise<JourneyCode> {
  const definitions = await loadDefinitions(path);
  const templates = await loadTemplates(...templatesRoots(path));
  return {
    definitions,
    templates,
    catalogue: eventsByName(definitions),
    events: catalogue(definitions),
    check: (all, journey) =>
      checkStored({ ...all, setups: definitions.setups }, journey, (use) => checkTemplate(templates, use)),
  };
}

/**
 * Loads journeys that can run; see `checkDefinitions`.
 * @throws {DefinitionsError} with every problem
 */
export async function loadRunnable(path: string): Promise<JourneyCode> {
  const code = await loadJourneyCode(path);
  const problems = await checkDefinitions(code.definitions, (use) => checkTemplate(code.templates, use));
  if (problems.length > 0) throw new DefinitionsError(problems);
  return code;
}
