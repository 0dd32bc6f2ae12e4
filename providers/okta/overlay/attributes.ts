import type { AttributeFact } from '../../../src/catalog/overlay.ts';

// What a filter of the Okta API can do with an attribute. `search` ignores letter case, and over an attribute with several values one
// that fits is enough: equality of text gives a superset. Ranges of text are never pushed, as the server orders without regard to case.

/** Ids and enumerated words: equality is equality. */
export const WORD: AttributeFact = { operators: ['eq'], exact: true, literal: 'string' };

/** Words of a fixed list that can also be excluded: `x lt "A" or x gt "A"`. */
export const LISTED_WORD: AttributeFact = { operators: ['eq', 'gt', 'lt'], exact: true, literal: 'string' };

/** Text whose case the server ignores. */
export const TEXT: AttributeFact = { operators: ['eq', 'sw'], exact: false, foldsCase: true, literal: 'string' };

/** Text that can also be searched in its middle. */
export const SEARCHABLE_TEXT: AttributeFact = { operators: ['eq', 'sw', 'co'], exact: false, foldsCase: true, literal: 'string' };

/** The same, where it is not known whether case counts: neither more nor less than what holds either way is asked for. */
export const LOG_TEXT: AttributeFact = { operators: ['eq', 'sw', 'co'], exact: false, literal: 'string' };

/** Most logins or addresses in one request: the URL may have 4 kB. */
export const MAX_LOGINS = 50;

/** Text that is compared letter by letter. */
export const EXACT_TEXT: AttributeFact = { operators: ['eq'], exact: true, literal: 'string' };

/** Times that every object has. */
export const TIME: AttributeFact = { operators: ['eq', 'gt', 'ge', 'lt', 'le'], exact: true, literal: 'date' };

/** Times that an object may lack. */
export const OPTIONAL_TIME: AttributeFact = { operators: ['eq', 'gt', 'ge', 'lt', 'le', 'pr'], exact: true, literal: 'date' };

/** Times where only the strict comparisons are documented. */
export const STRICT_TIME: AttributeFact = { operators: ['eq', 'gt', 'lt'], exact: true, literal: 'date' };

/** One value of a parameter that is an equality by itself. */
export const VALUE: AttributeFact = { operators: ['eq'], exact: true, maxValues: 1 };

/** The same, where the next link forgets the parameter: later pages are not filtered. */
export const FORGETFUL_VALUE: AttributeFact = { operators: ['eq'], exact: false, maxValues: 1 };

/** The start of a name, case ignored. */
export const NAME_START: AttributeFact = { operators: ['eq', 'sw'], exact: false, literal: 'string', maxValues: 1 };
