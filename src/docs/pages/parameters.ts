import type { Parameter, Relation } from '../../catalog/types.ts';
import type { Block, Inlines } from '../model/page.ts';
import { code, commaList, copyable } from '../model/text.ts';
import { remarks, typeText } from './shape-rows.ts';

interface ParameterUse {
  readonly parameter: Parameter;
  readonly requiredBy: readonly string[];
  readonly optionalIn: readonly string[];
}

/** Every parameter of the relation's methods, once, with the methods that need it and those that take it. */
export function parametersSection(relation: Relation): readonly Block[] {
  const uses = parameterUses(relation);
  if (uses.length === 0) return [];
  return [
    { kind: 'heading', level: 2, id: 'parameters', content: ['Parameters'] },
    {
      kind: 'paragraph',
      content: ['A parameter is a hidden column: ', code('WHERE'), ' gives it in a query, ', code('@'), 'name in ', code('EXEC'), '.'],
    },
    {
      kind: 'table',
      label: 'Parameters',
      columns: ['Name', 'Datatype', 'In', 'Required by', 'Optional in', 'Description'],
      rows: uses.map(({ parameter, requiredBy, optionalIn }) => [
        [copyable(parameter.name)],
        [typeText(parameter.shape)],
        [parameter.location],
        methodNames(requiredBy),
        methodNames(optionalIn),
        [
          ...(parameter.default === undefined || parameter.default === '' ? [] : ['Default ', code(parameter.default), '. ']),
          ...remarks(parameter.shape, parameter.description ?? parameter.shape.description),
        ],
      ]),
    },
  ];
}

function methodNames(names: readonly string[]): Inlines {
  const shown = names.slice(0, 6);
  return [...commaList(shown.map(code)), ...(names.length > shown.length ? [` and ${names.length - shown.length} more`] : [])];
}

function parameterUses(relation: Relation): readonly ParameterUse[] {
  const found = new Map<string, { parameter: Parameter; requiredBy: string[]; optionalIn: string[] }>();
  for (const method of relation.methods) {
    const variables = method.http.servers[0]?.variables ?? [];
    const names = new Set<string>();
    for (const parameter of [...method.parameters, ...variables]) {
      if (names.has(parameter.name)) continue;
      names.add(parameter.name);
      const use = found.get(parameter.name) ?? { parameter, requiredBy: [], optionalIn: [] };
      (method.requiredParams.includes(parameter.name) ? use.requiredBy : use.optionalIn).push(method.name);
      found.set(parameter.name, use);
    }
  }
  return [...found.values()].sort((a, b) => Number(b.requiredBy.length > 0) - Number(a.requiredBy.length > 0));
}
