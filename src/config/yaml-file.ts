import { readFile } from 'node:fs/promises';
import { type ErrorParts, OrgqlError } from '../util/errors.ts';
import { type FindSpan, findSpans } from './positions.ts';

export type ConfigObject = Readonly<Record<string, unknown>>;

/** A configuration file as read: its content, and a way to complain about a place in it. */
export interface YamlFile {
  /** As people are shown it: `./orgql.yaml`, or the whole path. */
  readonly label: string;
  readonly path: string;
  readonly text: string;
  readonly content: ConfigObject;
  /** An `invalid_config` error that points at a key or value. */
  readonly complain: (
    path: readonly string[],
    which: 'key' | 'value',
    message: string,
    parts?: Pick<ErrorParts, 'detail' | 'hint'>,
  ) => OrgqlError;
}

/** Reads a YAML file. `undefined` where there is none; throws `invalid_config` for one that cannot be read. */
export async function readYamlFile(path: string, label: string): Promise<YamlFile | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new OrgqlError('invalid_config', `Cannot read the configuration file ${label}`, {
      detail: code === 'EISDIR' ? 'it is a folder' : `${(error as Error).message}`,
      hint: 'check the path and its permissions',
      cause: error,
    });
  }
  return parseYaml(text, path, label);
}

/** The same from text. */
export async function parseYaml(text: string, path: string, label: string): Promise<YamlFile> {
  const source = text.startsWith('\ufeff') ? text.slice(1) : text;
  const { load, parseEvents, YAMLException } = await import('js-yaml');
  let find: FindSpan | undefined;
  const complain: YamlFile['complain'] = (keys, which, message, parts = {}) => {
    find ??= findSpans(source, parseEvents(source, {}));
    const span = find(keys, which) ?? find(keys, 'key') ?? find(keys.slice(0, -1), 'key');
    return new OrgqlError('invalid_config', `${label}: ${message}`, { ...parts, source, ...(span === undefined ? {} : { span }) });
  };
  // Without a document there is nothing to load, and an empty file is a configuration that sets nothing.
  if (/^(?:\s*(?:#.*)?(?:\r?\n|$))*$/.test(source)) return { label, path, text: source, content: {}, complain };
  let content: unknown;
  try {
    content = load(source, { filename: label });
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const offset = error.mark?.position;
    throw new OrgqlError('invalid_config', `${label}: ${error.reason}`, {
      detail: 'the file is no valid YAML',
      hint: 'indent with spaces, and quote values that hold ": " or start with a special character',
      source,
      ...(offset === undefined ? {} : { span: { offset: Math.min(offset, Math.max(0, source.length - 1)), length: 1 } }),
      cause: error,
    });
  }
  if (content === null || content === undefined) return { label, path, text: source, content: {}, complain };
  if (!isObject(content))
    throw complain([], 'value', 'the file must hold keys and values', {
      hint: 'see the example in the documentation: orgs: { acme: { org_url: ... } }',
    });
  return { label, path, text: source, content, complain };
}

/** True for a YAML mapping. */
export function isObject(value: unknown): value is ConfigObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
