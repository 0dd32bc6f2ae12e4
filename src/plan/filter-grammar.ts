import type { FilterFact, FilterOperator } from '../catalog/overlay.ts';

/** How a server's filter language writes what can be said in it. */
export interface FilterGrammar {
  readonly attribute: (path: readonly string[]) => string;
  readonly compare: (attribute: string, operator: FilterOperator, literal: string) => string;
  readonly isPresent: (attribute: string) => string;
  /** `undefined`: the language cannot say it. */
  readonly isAbsent: (attribute: string) => string | undefined;
  readonly text: (value: string) => string;
  readonly time: (rfc3339: string) => string;
  /** The literal of a text whose format the document tells, or `undefined` where the text is none of it; then the server would refuse it. */
  readonly formatted: (format: string | undefined, value: string) => string | undefined;
  /** True where the language compares an absent value: `a ne 'x'` holds for it there, and not in SQL. */
  readonly comparesNull: boolean;
}

/** Okta's, which is SCIM's (RFC 7644 §3.4.2.2): literals are JSON. */
const okta: FilterGrammar = {
  attribute: (path) => path.join('.'),
  compare: (attribute, operator, literal) => `${attribute} ${operator} ${literal}`,
  isPresent: (attribute) => `${attribute} pr`,
  isAbsent: () => undefined,
  text: (value) => JSON.stringify(value),
  time: (rfc3339) => JSON.stringify(rfc3339),
  formatted: (_, value) => JSON.stringify(value),
  comparesNull: false,
};

const FUNCTIONS: Readonly<Partial<Record<FilterOperator, string>>> = { sw: 'startswith', ew: 'endswith', co: 'contains' };

/** Formats of texts that OData has types of its own for: their literals stand bare. */
const BARE: Readonly<Record<string, RegExp>> = {
  date: /^\d{4}-\d\d-\d\d$/,
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
};
/** Further ones, whose literals differ from version to version. */
const UNSAID: ReadonlySet<string> = new Set(['time', 'duration', 'byte', 'binary', 'base64url', 'decimal']);

/** @see OData 4.01 URL Conventions §5.1.1 */
const odata: FilterGrammar = {
  attribute: (path) => path.join('/'),
  compare: (attribute, operator, literal) =>
    FUNCTIONS[operator] === undefined ? `${attribute} ${operator} ${literal}` : `${FUNCTIONS[operator]}(${attribute},${literal})`,
  isPresent: (attribute) => `${attribute} ne null`,
  isAbsent: (attribute) => `${attribute} eq null`,
  text: (value) => `'${value.replaceAll("'", "''")}'`,
  time: (rfc3339) => rfc3339,
  formatted: (format = '', value) => {
    if (UNSAID.has(format)) return undefined;
    const bare = Object.hasOwn(BARE, format) ? BARE[format] : undefined;
    if (bare === undefined) return odata.text(value);
    return bare.test(value) ? value : undefined;
  },
  comparesNull: true,
};

export function grammarOf({ grammar }: FilterFact): FilterGrammar {
  return grammar === 'odata' ? odata : okta;
}
