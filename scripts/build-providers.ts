/**
 * Builds the providers that come with the package: `dist/providers/okta/<version>/provider.json` and `services/*.json`,
 * from the npm package `@okta/openapi` and our own data in `providers/okta`. Run by `npm run build:providers`.
 */
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { oktaOverlay } from '../providers/okta/overlay/overlay.ts';
import { oktaScopes } from '../providers/okta/scopes.ts';
import { applyAdditions } from '../src/catalog/builder/additions.ts';
import { buildProvider, type ProviderDocuments } from '../src/catalog/builder/build.ts';
import { readCuration } from '../src/catalog/builder/curation.ts';
import { readSwagger } from '../src/catalog/builder/swagger.ts';
import { asObject } from '../src/catalog/json.ts';
import type { Json } from '../src/catalog/types.ts';
import { parseYaml } from '../src/catalog/yaml.ts';

const PROVIDER = 'okta';
const VERSION = 'v0.1.0';
const root = fileURLToPath(new URL('..', import.meta.url));

/** The Okta provider's documents, built from the package and our data. */
export async function buildOkta(): Promise<ProviderDocuments> {
  const data = join(root, 'providers', PROVIDER);
  const yaml = async (name: string): Promise<Json> => await parseYaml(await readFile(join(data, name), 'utf8'), name);
  const specification = createRequire(import.meta.url).resolve('@okta/openapi/dist/spec.json');
  const swagger = asObject(JSON.parse(await readFile(specification, 'utf8')) as Json);
  return buildProvider({
    name: PROVIDER,
    version: VERSION,
    title: 'Okta',
    description: 'Users, groups, apps, policies, sessions and the system log of an Okta org.',
    api: readSwagger(applyAdditions(swagger, asObject(await yaml('additions.yaml')))),
    curation: readCuration(await yaml('curation.yaml')),
    servers: [
      {
        url: 'https://{subdomain}.okta.com',
        variables: { subdomain: { default: '', description: 'The org: the name of a configured one, or its host label.' } },
      },
    ],
    auth: { type: 'api_key', credentialsenvvar: 'OKTA_API_TOKEN', valuePrefix: 'SSWS ' },
    overlay: oktaOverlay,
    scopes: oktaScopes,
  });
}

/** Writes the built providers below `target`, replacing what was there. */
export async function writeProviders(target: string): Promise<string> {
  const directory = join(target, PROVIDER, VERSION);
  await rm(join(target, PROVIDER), { recursive: true, force: true });
  for (const [path, document] of await buildOkta()) {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify(document));
  }
  await copyFile(join(root, 'providers', PROVIDER, 'examples.sql'), join(directory, 'examples.sql'));
  return directory;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const directory = await writeProviders(join(root, 'dist', 'providers'));
  process.stdout.write(`${directory}\n`);
}
