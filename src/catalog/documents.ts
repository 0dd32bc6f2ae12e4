import { readdir, readFile, stat } from 'node:fs/promises';
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
  const file = await locate(path);
  if (file === undefined) throw new OrgqlError('invalid_provider', `Provider document ${path} does not exist`);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new OrgqlError('invalid_provider', `Provider document ${file} cannot be read`, { cause });
  });
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

async function locate(path: string): Promise<string | undefined> {
  const stem = path.replace(/\.(json|ya?ml)$/i, '');
  const candidates = [`${stem}.json`, path, `${stem}.yaml`, `${stem}.yml`];
  for (const candidate of new Set(candidates)) if (await isFile(candidate)) return candidate;
  const names = await readdir(dirname(path)).catch(() => [] as string[]);
  for (const candidate of candidates) {
    const wanted = basename(candidate).toLowerCase();
    const name = names.find((entry) => entry.toLowerCase() === wanted);
    if (name !== undefined) return join(dirname(path), name);
  }
  return undefined;
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}
