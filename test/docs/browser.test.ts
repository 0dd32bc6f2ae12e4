import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MANUAL_ORDER } from '../../src/docs/manual/sources.ts';
import { type ServedSite, serveSite } from '../../src/docs/serve.ts';
import { CHROMIUM, siteFiles, siteFolder } from './site-fixture.test-support.ts';

const SESSIONS = '/providers/okta/session/sessions/';
const USERS = '/providers/okta/user/users/';
const MANUAL_PAGES = ['', ...MANUAL_ORDER.filter((name) => name !== 'emulator').map((name) => `${name}/`)].map((name) => `/manual/${name}`);
const GROUPS = '/providers/okta/group/groups/';

// A browser cannot be had from the npm registry: without Debian's the tests are skipped, and the run says so.
describe.skipIf(CHROMIUM === undefined)('the site in Chromium', () => {
  let browser: Browser;
  let site: ServedSite;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    const { files } = await siteFiles('okta', { manual: true });
    const folder = await siteFolder(files);
    remove = folder.remove;
    site = await serveSite(folder.folder, { port: 0, host: '127.0.0.1' });
    browser = await chromium.launch({ executablePath: CHROMIUM ?? '', args: ['--no-sandbox'] });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await site?.close();
    await remove?.();
  });

  /** A page with what went wrong on it and what it asked of other origins. */
  const open = async (
    path: string,
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<{ readonly page: Page; readonly context: BrowserContext; readonly problems: string[] }> => {
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'], ...options });
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => problems.push(`error: ${error.message}`));
    page.on('request', (request) => {
      if (!request.url().startsWith(site.url)) problems.push(`request: ${request.url()}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) problems.push(`${response.status()}: ${response.url()}`);
    });
    await page.goto(`${site.url}${path}`);
    return { page, context, problems };
  };

  test('a copy button copies by mouse and says so', async () => {
    const { page, context, problems } = await open(SESSIONS);
    await page.getByRole('button', { name: 'Copy okta.session.sessions', exact: true }).click();
    await page.waitForFunction("document.getElementById('said').textContent === 'Copied'");
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('okta.session.sessions');
    expect(problems).toEqual([]);
    await context.close();
  });

  test('a copy button copies by keyboard, and the focus stays', async () => {
    const { page, context } = await open(SESSIONS);
    await page.getByRole('button', { name: 'Copy refresh', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction("document.getElementById('said').textContent === 'Copied'");
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('refresh');
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Copy refresh');
    await context.close();
  });

  test('a statement is copied whole', async () => {
    const { page, context } = await open(USERS);
    await page.getByRole('button', { name: 'Copy this SQL' }).first().click();
    await page.waitForFunction("document.getElementById('said').textContent === 'Copied'");
    expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(/^SELECT id, .*\nFROM okta\.user\.users[\s\S]*LIMIT 5;$/);
    await context.close();
  });

  test('search finds a field, by keyboard alone', async () => {
    const { page, context, problems } = await open('/');
    await page.keyboard.press('/');
    await page.keyboard.type('lastPasswordVerification');
    await page.getByRole('option').first().waitFor();
    expect(await page.getByRole('option').first().innerText()).toBe('lastPasswordVerification\nfield of okta.session.sessions');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${site.url}${SESSIONS}#field-lastpasswordverification`);
    expect(problems).toEqual([]);
    await context.close();
  });

  test('search finds methods and resources, and says when there is nothing', async () => {
    const { page, context } = await open('/');
    await page.getByRole('combobox').fill('expirePasswordTemp');
    await page.getByRole('option').first().waitFor();
    expect(await page.getByRole('option').first().innerText()).toBe('expirePasswordTemp\nmethod of okta.user.users');
    await page.getByRole('combobox').fill('outcome_unknown');
    await page.getByText('section of Errors').waitFor();
    await page.getByRole('combobox').fill('qqqq');
    await page.getByText('Nothing of this name').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.getByRole('combobox').getAttribute('aria-expanded')).toBe('false');
    await context.close();
  });

  test('dark mode follows the system, can be chosen, and stays', async () => {
    const { page, context } = await open(SESSIONS, { colorScheme: 'dark' });
    const background = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    const button = page.getByRole('button', { name: 'Dark mode' });
    expect(await background()).toBe('rgb(20, 23, 27)');
    expect(await button.getAttribute('aria-pressed')).toBe('true');
    await button.click();
    expect(await background()).toBe('rgb(255, 255, 255)');
    await page.reload();
    expect(await background()).toBe('rgb(255, 255, 255)');
    await context.close();
  });

  test('pages are whole at 320 pixels', async () => {
    const { page, context, problems } = await open('/', { viewport: { width: 320, height: 700 } });
    for (const path of ['/', '/search/', '/providers/okta/', '/providers/okta/user/', USERS, ...MANUAL_PAGES]) {
      await page.goto(`${site.url}${path}`);
      expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBe(320);
    }
    expect(problems).toEqual([]);
    await context.close();
  }, 60_000);

  test.each([
    ['/', 'light'],
    ['/manual/quickstart/', 'dark'],
    ['/manual/errors/', 'light'],
    ['/search/', 'light'],
    ['/providers/okta/', 'light'],
    [SESSIONS, 'light'],
    [GROUPS, 'dark'],
  ] as const)(
    'axe finds nothing on %s in %s',
    async (path, colorScheme) => {
      const { page, context, problems } = await open(path, { colorScheme });
      await page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true");
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(
        violations.map(
          ({ id, nodes }) =>
            `${id}: ${nodes
              .map((node) => node.html)
              .slice(0, 3)
              .join(' ')}`,
        ),
      ).toEqual([]);
      expect(problems).toEqual([]);
      await context.close();
    },
    120_000,
  );

  test('without a script the page is whole, and offers nothing that would not work', async () => {
    const { page, context } = await open(SESSIONS, { javaScriptEnabled: false });
    expect(await page.getByRole('heading', { level: 2 }).first().innerText()).toContain('Overview');
    expect(await page.locator('button:visible').count()).toBe(0);
    expect(await page.getByRole('table').first().isVisible()).toBe(true);
    await context.close();
  });

  test('paper shows the content and no controls', async () => {
    const { page, context } = await open(SESSIONS);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('header:visible, .menu:visible, button:visible').count()).toBe(0);
    expect(await page.getByText('okta.session.sessions', { exact: true }).first().isVisible()).toBe(true);
    await context.close();
  });
});
