import { type CompatibilityFunction, formsByCount } from './function-types.ts';

const SQLITE_TYPE =
  "CASE type WHEN 'VARCHAR' THEN 'text' WHEN 'UBIGINT' THEN 'integer' WHEN 'BIGINT' THEN 'integer' WHEN 'HUGEINT' THEN 'integer' WHEN 'DOUBLE' THEN 'real' WHEN 'NULL' THEN 'null' WHEN 'BOOLEAN' THEN CASE WHEN CAST(value AS VARCHAR) = 'true' THEN 'true' ELSE 'false' END ELSE lower(type) END";
const UNQUOTED = "value ->> '$'";

function sqliteTable(name: 'json_each' | 'json_tree', source: string): string {
  return `SELECT key, ${UNQUOTED} AS value, ${SQLITE_TYPE} AS type, CASE WHEN type IN ('OBJECT', 'ARRAY') THEN NULL ELSE ${UNQUOTED} END AS atom, id, parent, fullkey, path FROM system.main.${name}(${source})`;
}

function walk(name: 'json_each' | 'json_tree', description: string): CompatibilityFunction {
  return {
    name,
    kind: 'table',
    origin: 'SQLite',
    description,
    forms: [
      { parameters: ['j'], body: sqliteTable(name, 'j') },
      { parameters: ['j', 'p'], body: sqliteTable(name, 'j, p') },
    ],
  };
}

function twice(names: readonly [string, string], rest: Omit<CompatibilityFunction, 'name' | 'origin'>): CompatibilityFunction[] {
  return names.map((name) => ({ name, origin: 'PostgreSQL', ...rest }));
}

/** JSON functions of SQLite and PostgreSQL. `json_extract` is not here: the engine itself calls it, so it is rewritten in the query's tree. */
export const JSON_FUNCTIONS: readonly CompatibilityFunction[] = [
  walk('json_each', 'One row for each member of an array or object: key, value (strings unquoted), type, atom, id, parent, fullkey, path.'),
  walk('json_tree', 'As json_each, for every value at every depth.'),
  {
    name: 'json_patch',
    kind: 'scalar',
    origin: 'SQLite',
    description: 'The first document changed by the second (RFC 7396).',
    forms: [{ parameters: ['a', 'b'], body: 'json_merge_patch(a, b)' }],
  },
  ...twice(['json_agg', 'jsonb_agg'], {
    kind: 'aggregate',
    description: 'The values of all rows as one JSON array.',
    forms: [{ parameters: ['x'], body: 'to_json(list(x))' }],
  }),
  ...twice(['json_object_agg', 'jsonb_object_agg'], {
    kind: 'aggregate',
    description: 'Keys and values of all rows as one JSON object.',
    forms: [{ parameters: ['k', 'v'], body: 'json_group_object(k, v)' }],
  }),
  ...twice(['json_build_object', 'jsonb_build_object'], {
    kind: 'scalar',
    description: 'A JSON object of keys and values in turn.',
    forms: formsByCount(
      0,
      24,
      (names) => `json_object(${names.map((name, index) => (index % 2 === 0 ? `CAST(${name} AS VARCHAR)` : name)).join(', ')})`,
    ).filter(({ parameters }) => parameters.length % 2 === 0),
  }),
  ...twice(['json_build_array', 'jsonb_build_array'], {
    kind: 'scalar',
    description: 'A JSON array of the arguments.',
    forms: formsByCount(0, 16, (names) => `json_array(${names.join(', ')})`),
  }),
  {
    name: 'to_jsonb',
    kind: 'scalar',
    origin: 'PostgreSQL',
    description: 'Any value as JSON.',
    forms: [{ parameters: ['x'], body: 'to_json(x)' }],
  },
  ...twice(['json_typeof', 'jsonb_typeof'], {
    kind: 'scalar',
    description: 'object, array, string, number, boolean or null.',
    forms: [
      {
        parameters: ['j'],
        body: "CASE json_type(CAST(j AS JSON)) WHEN 'VARCHAR' THEN 'string' WHEN 'OBJECT' THEN 'object' WHEN 'ARRAY' THEN 'array' WHEN 'BOOLEAN' THEN 'boolean' WHEN 'NULL' THEN 'null' WHEN NULL THEN NULL ELSE CASE WHEN j IS NOT NULL THEN 'number' END END",
      },
    ],
  }),
  {
    name: 'jsonb_array_length',
    kind: 'scalar',
    origin: 'PostgreSQL',
    description: 'The number of elements of an array.',
    forms: [{ parameters: ['j'], body: 'json_array_length(j)' }],
  },
  {
    name: 'jsonb_pretty',
    kind: 'scalar',
    origin: 'PostgreSQL',
    description: 'Indented JSON text.',
    forms: [{ parameters: ['j'], body: 'json_pretty(j)' }],
  },
  {
    name: 'jsonb_extract_path',
    kind: 'scalar',
    origin: 'PostgreSQL',
    description: 'The value at a path of keys.',
    forms: formsByCount(2, 6, ([json, ...keys]) => `json_extract(${json}, ${pointer(keys)})`),
  },
  {
    name: 'jsonb_extract_path_text',
    kind: 'scalar',
    origin: 'PostgreSQL',
    description: 'The value at a path of keys, as text.',
    forms: formsByCount(2, 6, ([json, ...keys]) => `json_extract_string(${json}, ${pointer(keys)})`),
  },
  ...twice(['json_array_elements', 'jsonb_array_elements'], {
    kind: 'table',
    description: 'One row for each element of an array, as JSON.',
    forms: [{ parameters: ['j'], body: 'SELECT unnest(from_json(CAST(j AS JSON), \'["JSON"]\')) AS value' }],
  }),
  ...twice(['json_array_elements_text', 'jsonb_array_elements_text'], {
    kind: 'table',
    description: 'One row for each element of an array, as text.',
    forms: [{ parameters: ['j'], body: 'SELECT unnest(from_json(CAST(j AS JSON), \'["VARCHAR"]\')) AS value' }],
  }),
  {
    name: 'jsonb_each',
    kind: 'table',
    origin: 'PostgreSQL',
    description: 'One row for each member of an object: key, value as JSON.',
    forms: [{ parameters: ['j'], body: 'SELECT key, value FROM system.main.json_each(j)' }],
  },
  ...twice(['json_each_text', 'jsonb_each_text'], {
    kind: 'table',
    description: 'One row for each member of an object: key, value as text.',
    forms: [{ parameters: ['j'], body: `SELECT key, ${UNQUOTED} AS value FROM system.main.json_each(j)` }],
  }),
  ...twice(['json_object_keys', 'jsonb_object_keys'], {
    kind: 'table',
    description: 'One row for each key of an object.',
    forms: [{ parameters: ['j'], body: 'SELECT unnest(json_keys(j)) AS key' }],
  }),
];

/** A JSON pointer made of key expressions. */
function pointer(keys: readonly string[]): string {
  return keys.map((key) => `'/' || replace(replace(CAST(${key} AS VARCHAR), '~', '~0'), '/', '~1')`).join(' || ');
}
