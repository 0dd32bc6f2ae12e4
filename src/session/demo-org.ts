import type { Emulator, Listening } from '../emulator/types.ts';

/** The name of the org that exists on every machine. */
export const DEMO_ORG = 'demo';

/** The embedded Okta org of a session. */
export interface DemoOrg {
  /** Starts it on loopback at first use. */
  readonly start: () => Promise<{ readonly url: string; readonly token: string }>;
  readonly close: () => Promise<void>;
}

/** An emulated Okta org inside the process, seeded and deterministic, started when it is first asked for. `now` pins its clock's start. */
export function createDemoOrg(now: number | undefined): DemoOrg {
  let running: Promise<{ readonly emulator: Emulator; readonly listening: Listening }> | undefined;
  const launch = async (): Promise<{ emulator: Emulator; listening: Listening }> => {
    const { createEmulator } = await import('../emulator/emulator.ts');
    const emulator = createEmulator({ seed: 'demo', subdomain: DEMO_ORG, ...(now === undefined ? {} : { now }) });
    return { emulator, listening: await emulator.listen({ port: 0 }) };
  };
  return {
    start: async () => {
      running ??= launch();
      const { emulator, listening } = await running;
      return { url: listening.url, token: emulator.token };
    },
    close: async () => {
      const started = running;
      running = undefined;
      await (await started?.catch(() => undefined))?.listening.close();
    },
  };
}
