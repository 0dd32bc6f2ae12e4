import type { User, UserStatus } from './model.ts';
import { profileText } from './model.ts';
import { PageBlocks } from './page-blocks.ts';
import { SortedIds } from './sorted-ids.ts';

/** Forms of the plain list that are kept as bytes. */
const FORMS_KEPT = 4;

/** The org's users by id, login and short login, in order of id. Made for a million of them. */
export class UserStore {
  readonly #byId = new Map<string, User>();
  readonly #idByLogin = new Map<string, string>();
  readonly #order = new SortedIds();
  readonly #statusCounts = new Map<UserStatus, number>();
  readonly #texts = new Map<string, string>();
  /** Logins by the part before the `@`, made when a short login is first asked for. */
  #shortLogins: Map<string, string | null> | undefined;
  #present: { readonly version: number; readonly ids: readonly string[] } | undefined;
  /** By the form of their items, latest last. */
  readonly #pages = new Map<string, PageBlocks>();
  /** Grows with every change. */
  version = 0;

  get size(): number {
    return this.#byId.size;
  }

  get ids(): readonly string[] {
    return this.#order.all;
  }

  get(id: string): User | undefined {
    return this.#byId.get(id);
  }

  byLogin(login: string): User | undefined {
    const id = this.#idByLogin.get(login.toLowerCase());
    return id === undefined ? undefined : this.#byId.get(id);
  }

  /** A user by id, by login, or by the part of the login before the `@` where only one user has it. */
  resolve(idOrLogin: string): User | undefined {
    const found = this.#byId.get(idOrLogin) ?? this.byLogin(idOrLogin);
    if (found !== undefined || idOrLogin.includes('@')) return found;
    this.#shortLogins ??= this.#indexShortLogins();
    const id = this.#shortLogins.get(idOrLogin.toLowerCase());
    return typeof id === 'string' ? this.#byId.get(id) : undefined;
  }

  /** Ids of all that are not DEPROVISIONED, in order. */
  get presentIds(): readonly string[] {
    if (this.#present?.version !== this.version) {
      const ids: string[] = [];
      for (const user of this.values()) if (user.status !== 'DEPROVISIONED') ids.push(user.id);
      this.#present = { version: this.version, ids };
    }
    return this.#present.ids;
  }

  countByStatus(status: UserStatus): number {
    return this.#statusCounts.get(status) ?? 0;
  }

  put(user: User): User {
    const before = this.#byId.get(user.id);
    const login = profileText(user.profile, 'login').toLowerCase();
    if (before === undefined) {
      this.#order.add(user.id);
      this.#idByLogin.set(login, user.id);
      this.#shortLogins = undefined;
    } else {
      this.#count(before.status, -1);
      this.#texts.delete(user.id);
      const oldLogin = profileText(before.profile, 'login').toLowerCase();
      if (oldLogin !== login) {
        this.#idByLogin.delete(oldLogin);
        this.#idByLogin.set(login, user.id);
        this.#shortLogins = undefined;
      }
    }
    this.#byId.set(user.id, user);
    this.#count(user.status, 1);
    this.version++;
    return user;
  }

  delete(id: string): boolean {
    const user = this.#byId.get(id);
    if (user === undefined) return false;
    this.#byId.delete(id);
    this.#order.delete(id);
    this.#idByLogin.delete(profileText(user.profile, 'login').toLowerCase());
    this.#texts.delete(id);
    this.#shortLogins = undefined;
    this.#count(user.status, -1);
    this.version++;
    return true;
  }

  *values(): IterableIterator<User> {
    for (const id of this.#order.all) {
      const user = this.#byId.get(id);
      if (user !== undefined) yield user;
    }
  }

  /** Index in `ids` of the first id greater than this one. */
  indexAfter(id: string): number {
    return this.#order.after(id);
  }

  /** The plain list as bytes, for as long as nothing changes: whole items, and the last few forms of them that were asked for. */
  presentPages(render: (user: User) => string, form = ''): PageBlocks {
    const ids = this.presentIds;
    const known = this.#pages.get(form);
    const pages =
      known?.ids === ids
        ? known
        : new PageBlocks(ids, (id) => {
            const user = this.#byId.get(id);
            return user === undefined ? 'null' : render(user);
          });
    this.#pages.delete(form);
    this.#pages.set(form, pages);
    if (this.#pages.size > FORMS_KEPT)
      for (const name of [...this.#pages.keys()].filter((other) => other !== '').slice(0, 1)) this.#pages.delete(name);
    return pages;
  }

  /** The user as it stands in a list, rendered once for as long as it stays as it is. */
  text(user: User, render: (user: User) => string): string {
    let rendered = this.#texts.get(user.id);
    if (rendered === undefined) {
      rendered = render(user);
      this.#texts.set(user.id, rendered);
    }
    return rendered;
  }

  /** Drops all rendered text (the origin in its links has changed). */
  forgetTexts(): void {
    this.#texts.clear();
    this.#pages.clear();
  }

  #count(status: UserStatus, by: number): void {
    this.#statusCounts.set(status, (this.#statusCounts.get(status) ?? 0) + by);
  }

  #indexShortLogins(): Map<string, string | null> {
    const index = new Map<string, string | null>();
    for (const [login, id] of this.#idByLogin) {
      const at = login.indexOf('@');
      if (at <= 0) continue;
      const short = login.slice(0, at);
      index.set(short, index.has(short) ? null : id);
    }
    return index;
  }
}
