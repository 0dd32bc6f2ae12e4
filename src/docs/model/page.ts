/** One page of the site, free of any output format: HTML, Markdown and MDX are printed from it. */
export interface Page {
  /** Its address: `/providers/okta/session/sessions/`. */
  readonly path: string;
  /** The name in the browser's tab and in search results. */
  readonly title: string;
  /** The first heading. */
  readonly heading: string;
  /** Under the heading, and in the page's head. Plain text. */
  readonly description: string;
  readonly keywords: readonly string[];
  /** The pages above this one, outermost first. */
  readonly trail: readonly Crumb[];
  /** Neighbours, shown beside the page. */
  readonly menu: readonly MenuGroup[];
  readonly blocks: readonly Block[];
  /** Address of the card image. */
  readonly image?: string;
  /** Where its source can be changed, for sites that show such a link. */
  readonly editUrl?: string;
}

export interface Crumb {
  readonly text: string;
  readonly path: string;
}

export interface MenuGroup {
  readonly title: string;
  readonly path?: string;
  readonly items: readonly Crumb[];
}

/** A part of a page. */
export type Block =
  | { readonly kind: 'heading'; readonly level: 2 | 3 | 4; readonly id: string; readonly content: Inlines }
  | { readonly kind: 'paragraph'; readonly content: Inlines }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Block[])[] }
  | { readonly kind: 'quote'; readonly blocks: readonly Block[] }
  | Table
  | Code
  | Example
  | { readonly kind: 'details'; readonly summary: Inlines; readonly blocks: readonly Block[] };

/** A table. `rowHeads`: the first cell of each row is its heading, and there is no head row. */
export interface Table {
  readonly kind: 'table';
  /** What it lists, for people who cannot see it. */
  readonly label: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Inlines[])[];
  readonly rowHeads?: boolean;
  /** Names that links may point at, one per row. */
  readonly anchors?: readonly string[];
}

export interface Code {
  readonly kind: 'code';
  /** `sql`, `sh`, `yaml`, `json`, `text`, ... */
  readonly language: string;
  readonly text: string;
}

/** A statement that can be copied; with what it gave where it was run in the build that made the page. */
export interface Example {
  readonly kind: 'example';
  /** Its heading. Without one the running text around it says what it shows. */
  readonly title?: string;
  readonly intro: Inlines;
  readonly sql: string;
  readonly outcome?: ExampleOutcome;
}

/** What a statement gave. */
export type ExampleOutcome =
  | {
      readonly kind: 'rows';
      readonly columns: readonly string[];
      readonly rows: readonly (readonly string[])[];
      readonly more: boolean;
      readonly requests: number;
    }
  | { readonly kind: 'effect'; readonly message: string; readonly requests: number }
  /** Lines as the command line prints them: a plan, an error. */
  | { readonly kind: 'lines'; readonly text: string; readonly requests: number };

/** Running text. A string is plain text, never markup. */
export type Inline =
  | string
  | { readonly kind: 'code'; readonly text: string /** With a copy button. */; readonly copy?: boolean }
  | { readonly kind: 'link'; readonly href: string; readonly content: Inlines }
  | { readonly kind: 'strong' | 'emphasis'; readonly content: Inlines }
  | { readonly kind: 'break' };

export type Inlines = readonly Inline[];
