import type { Block, Inlines, Page } from '../model/page.ts';
import { anchor, code, commaList, copyable } from '../model/text.ts';
import { manualPath, type SettingSource } from './sources.ts';

/** Every setting with its key, variables and flag, one heading each. */
export function settingsPage(settings: readonly SettingSource[]): Page {
  const groups: readonly (readonly [title: string, about: string, of: readonly SettingSource[]])[] = [
    ['The file', 'Keys of orgql.yaml itself.', settings.filter(({ key }) => key !== undefined && !key.includes('.'))],
    ['An org', 'Keys of each org below orgs.', settings.filter(({ key }) => key?.startsWith('orgs.*.') === true)],
    ['The environment', 'What only a variable or a flag can say.', settings.filter(({ key }) => key === undefined)],
  ];
  return {
    path: manualPath('settings'),
    title: 'Settings - orgql manual',
    heading: 'Settings',
    description:
      'Every setting: its key in orgql.yaml, its environment variables and its flag. A flag counts over the environment, that over the file.',
    keywords: ['orgql', 'settings', 'configuration', 'orgql.yaml', 'environment variables'],
    trail: [
      { text: 'Home', path: '/' },
      { text: 'Manual', path: manualPath('') },
    ],
    menu: [],
    blocks: groups.flatMap(([title, about, of]): readonly Block[] => [
      { kind: 'heading', level: 2, id: anchor(title), content: [title] },
      { kind: 'paragraph', content: [about] },
      ...of.flatMap(settingBlocks),
    ]),
  };
}

/** What a setting is called where only one name can stand. */
export function settingName({ key, env, flag }: SettingSource): string {
  return key?.replace(/^orgs\.\*\./, '') ?? env[0] ?? flag ?? '';
}

function settingBlocks(setting: SettingSource): readonly Block[] {
  const name = settingName(setting);
  const rows: (readonly [string, Inlines])[] = [];
  if (setting.key !== undefined) rows.push(['Key', [copyable(setting.key.replace('*', 'NAME'))]]);
  if (setting.env.length > 0) rows.push(['Environment', commaList(setting.env.map(copyable))]);
  if (setting.flag !== undefined) rows.push(['Flag', [copyable(setting.flag)]]);
  rows.push(['Value', [setting.type]]);
  if (setting.default !== undefined) rows.push(['Default', [code(setting.default)]]);
  if (setting.needsTrust) rows.push(['Trust', ["in a project's own orgql.yaml only after ", code('orgql org trust')]]);
  return [
    { kind: 'heading', level: 3, id: anchor(name), content: [code(name)] },
    { kind: 'paragraph', content: [setting.description] },
    { kind: 'table', label: name, columns: ['', ''], rowHeads: true, rows: rows.map(([head, cell]) => [[head], cell]) },
  ];
}
