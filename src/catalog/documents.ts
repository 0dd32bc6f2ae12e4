import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { OrgqlError } from '../util/errors.ts';
import { asObject, type JsonObject } from './json.ts';
import type { Json } from './types.ts';
import { parseYaml } from './yaml.ts';

/**
 * Reads the provider or service document at `path`. Where the same document lies beside it as JSON (precompiled), that is read:
 * it costs a hundredth of the YAML. A name that differs in case only is found too.
 * Throws `invalid_provider` (no such file, not JSON or YAML, no object).
 */
export async function readDocument(path: string): Promise<JsonObject> {
  const file = locate(path);
  if (file === undefined) throw new OrgqlError('invalid_provider', `Provider document ${path} does not exist`);
  const text = readText(file);
  const document = asObject(await parseDocument(text, file));
  if (Object.keys(document).length === 0) throw new OrgqlError('invalid_provider', `Provider document ${file} holds no object`);
  return document;
}

/** Parses a document by its file name: `.json` as JSON, anything else as YAML. Throws `invalid_provider`. */
export async function parseDocument(text: string, file: string): Promise<Json> {
  try {
    return file.endsWith('.json') ? (JSON.parse(text) as Json) : await parseYaml(text, file);
  } catch (cause) {
    throw new OrgqlError('invalid_provider', `Provider document ${file} cannot be parsed`, {
      detail: cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause),
      cause,
    });
  }
}

// Read in one go, as a statement waits for it: a few files of some kilobytes, for which turns of the event loop cost more than the disk.
function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new OrgqlError('invalid_provider', `Provider document ${file} cannot be read`, { cause });
  }
}

function locate(path: string): string | undefined {
  const stem = path.replace(/\.(json|ya?ml)$/i, '');
  const candidates = [...new Set([`${stem}.json`, path, `${stem}.yaml`, `${stem}.yml`])];
  const exact = candidates.find((candidate) => statSync(candidate, { throwIfNoEntry: false })?.isFile() === true);
  if (exact !== undefined) return exact;
  const names = namesIn(dirname(path));
  for (const candidate of candidates) {
    const wanted = basename(candidate).toLowerCase();
    const name = names.find((entry) => entry.toLowerCase() === wanted);
    if (name !== undefined) return join(dirname(path), name);
  }
  return undefined;
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
