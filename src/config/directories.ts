import { join } from 'node:path';

/** What decides where a person's files are. */
export interface MachineInputs {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: string;
}

export interface Directories {
  readonly config: string;
  readonly data: string;
  readonly state: string;
  readonly cache: string;
}

/** The folders for orgql's own files: XDG on Linux and macOS, AppData on Windows. None is made here. */
export function directoriesOf({ env, home, platform }: MachineInputs): Directories {
  const roaming = env.APPDATA ?? join(home, 'AppData', 'Roaming');
  const local = env.LOCALAPPDATA ?? join(home, 'AppData', 'Local');
  const isWindows = platform === 'win32';
  const folder = (variable: string, unix: readonly string[], windows: string): string => {
    const given = env[variable];
    // A relative path there is to be ignored, says the XDG specification.
    const base = given?.startsWith('/') || (isWindows && given) ? given : isWindows ? windows : join(home, ...unix);
    return join(base, 'orgql');
  };
  return {
    config: folder('XDG_CONFIG_HOME', ['.config'], roaming),
    data: env.ORGQL_DATA ?? folder('XDG_DATA_HOME', ['.local', 'share'], local),
    state: folder('XDG_STATE_HOME', ['.local', 'state'], local),
    cache: folder('XDG_CACHE_HOME', ['.cache'], local),
  };
}
