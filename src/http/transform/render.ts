import { OrgqlError } from '../../util/errors.ts';

/** Renders a template whose actions are plain `{{ .name }}` over `data`. */
export function renderTemplate(template: string, data: ReadonlyMap<string, unknown>): string {
  return template.replace(/\{\{-?\s*\.([A-Za-z_]\w*)\s*-?\}\}/g, (_, name: string) => {
    const value = data.get(name);
    if (value === undefined) throw new OrgqlError('required_parameter_missing', `A template needs a value for "${name}"`);
    return String(value);
  });
}
