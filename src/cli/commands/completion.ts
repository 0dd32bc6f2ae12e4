import { DEMO_ORG, loadConfig } from '../../config/load.ts';
import { OrgqlError } from '../../util/errors.ts';
import { COMMANDS, type CommandSpec } from '../commands.ts';
import { FLAGS, type Flag } from '../flags.ts';
import type { Io } from '../io.ts';
import { FORMATS } from '../output/formats.ts';

// Each script hands the words before the cursor to `orgql __complete` and shows what it prints; where it prints nothing, the shell offers files.
const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `_orgql() {
  local IFS=$'\\n'
  COMPREPLY=($(orgql __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _orgql orgql
`,
  zsh: `#compdef orgql
_orgql() {
  local -a found
  found=("\${(@f)$(orgql __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "$found" ]]; then compadd -- "\${found[@]}"; else _files; fi
}
compdef _orgql orgql
`,
  fish: `function __orgql_complete
  set -l words (commandline -opc) (commandline -ct)
  orgql __complete -- $words[2..-1] 2>/dev/null
end
complete -c orgql -a '(__orgql_complete)'
`,
  pwsh: `Register-ArgumentCompleter -Native -CommandName orgql -ScriptBlock {
  param($word, $ast, $cursor)
  $words = @($ast.CommandElements | Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
  if ($word -eq '') { $words += '' }
  orgql __complete -- @words 2>$null | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}
`,
};

/** `orgql completion <shell>`. */
export async function completionCommand(io: Io, shell: string | undefined): Promise<number> {
  const script = SCRIPTS[shell === 'powershell' ? 'pwsh' : (shell ?? '')];
  if (script === undefined)
    throw new OrgqlError('usage', `There is no completion for "${shell}"`, { hint: `the shells are ${Object.keys(SCRIPTS).join(', ')}` });
  await io.stdout.write(script);
  return 0;
}

/** `orgql __complete -- <words>`: what the last word could become, a candidate a line. Never fails. */
export async function completeCommand(io: Io, words: readonly string[]): Promise<number> {
  const given = words[0] === '--' ? words.slice(1) : words;
  const candidates = await complete(given, () => orgNames(io)).catch(() => []);
  await io.stdout.write(candidates.map((candidate) => `${candidate}\n`).join(''));
  return 0;
}

/** Candidates for the last of the words. */
export async function complete(words: readonly string[], orgs: () => Promise<readonly string[]>): Promise<string[]> {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const { spec, isLeaf } = commandOf(before);
  const flags = flagsFor(spec?.top, spec?.command);
  const pending = flags.find((flag) => takesValue(flag) && namesOf(flag).includes(before.at(-1) ?? ''));
  const matching = (values: readonly string[]): string[] => values.filter((value) => value.startsWith(current));
  if (pending !== undefined) return matching(await valuesOf(pending, orgs));
  if (current.startsWith('-')) return matching(flags.filter((flag) => flag.isHidden !== true).flatMap(namesOf));
  if (spec === undefined)
    return matching([...COMMANDS.filter((command) => command.isHidden !== true).map((command) => command.name), 'help']);
  if (!isLeaf) return matching((spec.command.subcommands ?? []).map((sub) => sub.name));
  if (spec.top.name === 'org' && spec.command.name === 'test') return matching(await orgs());
  if (spec.command.name === 'completion') return matching(Object.keys(SCRIPTS));
  return [];
}

interface Found {
  readonly top: CommandSpec;
  readonly command: CommandSpec;
}

function commandOf(words: readonly string[]): { readonly spec: Found | undefined; readonly isLeaf: boolean } {
  const names = words.filter((word) => !word.startsWith('-'));
  const top = COMMANDS.find((command) => command.name === names[0]);
  if (top === undefined) return { spec: undefined, isLeaf: false };
  const sub = top.subcommands?.find((command) => command.name === names[1]);
  return { spec: { top, command: sub ?? top }, isLeaf: sub !== undefined || top.subcommands === undefined };
}

function flagsFor(top: CommandSpec | undefined, command: CommandSpec | undefined): readonly Flag[] {
  if (top === undefined) return FLAGS;
  return [...(command?.flags ?? []), ...FLAGS.filter((flag) => flag.commands === '*' || flag.commands.includes(top.name))];
}

function namesOf(flag: Flag): string[] {
  return flag.spelling.split(/[ ,]+/).filter((part) => part.startsWith('-'));
}

function takesValue(flag: Flag): boolean {
  return flag.spelling.includes('<');
}

async function valuesOf(flag: Flag, orgs: () => Promise<readonly string[]>): Promise<readonly string[]> {
  if (flag.choices !== undefined) return flag.choices;
  if (namesOf(flag).includes('--output')) return Object.keys(FORMATS);
  return namesOf(flag).includes('--org') ? orgs() : [];
}

async function orgNames(io: Io): Promise<readonly string[]> {
  const { session } = await loadConfig({ env: io.env, cwd: io.cwd, home: io.home, platform: io.platform });
  return [...session.orgs.map((org) => org.name), DEMO_ORG];
}
