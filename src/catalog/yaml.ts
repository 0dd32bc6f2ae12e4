import type { Json } from './types.ts';

/**
 * Parses a YAML document the way published provider documents need it: a tag that is not known gives the plain value
 * (one provider carries `js/undefined`), of two equal keys the later counts. The parser is loaded on first use, as it costs
 * more than most JSON documents.
 */
export async function parseYaml(text: string, file: string): Promise<Json> {
  const yaml = await import('js-yaml');
  // The empty prefix fits every tag that has no exact entry.
  const anyScalar = yaml.defineScalarTag('', { matchByTagPrefix: true, resolve: (source: string) => source, identify: () => false });
  const anySequence = yaml.defineSequenceTag<Json[]>('', {
    matchByTagPrefix: true,
    create: () => [],
    addItem: (carrier, item) => void carrier.push(item as Json),
    identify: () => false,
  });
  const anyMapping = yaml.defineMappingTag<Record<string, Json>>('', {
    matchByTagPrefix: true,
    create: () => ({}),
    addPair: (carrier, key, value) => {
      carrier[String(key)] = value as Json;
      return '';
    },
    has: (carrier, key) => Object.hasOwn(carrier, String(key)),
    keys: (carrier) => Object.keys(carrier),
    get: (carrier, key) => carrier[String(key)],
    identify: () => false,
  });
  const schema = yaml.CORE_SCHEMA.withTags(yaml.mergeTag, anyScalar, anySequence, anyMapping);
  return yaml.load(text, { filename: file, json: true, schema }) as Json;
}
