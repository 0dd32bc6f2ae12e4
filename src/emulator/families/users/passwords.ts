import { profileText, type User, type UserCredentials } from '../../model.ts';
import { invalid } from '../../refusal.ts';
import { isObject } from '../../reply.ts';
import type { Json, JsonObject } from '../../types.ts';

const REQUIREMENTS =
  'Password requirements were not met. Password requirements: at least 8 characters, a lowercase letter, an uppercase letter, a number, no parts of your username.';

const PROVIDERS: ReadonlySet<string> = new Set(['ACTIVE_DIRECTORY', 'FEDERATION', 'IMPORT', 'LDAP', 'OKTA', 'SOCIAL']);

/** The default policy's demands. */
const COMPLEXITY: JsonObject = { minLength: 8, minLowerCase: 1, minUpperCase: 1, minNumber: 1, minSymbol: 0, excludeUsername: true };

/** What is wrong with a new password under a policy's demands, or `undefined`. */
export function passwordFault(password: string, login: string, complexity: JsonObject = COMPLEXITY): string | undefined {
  const least = (name: string): number => (typeof complexity[name] === 'number' ? complexity[name] : 0);
  const count = (of: RegExp): number => password.match(of)?.length ?? 0;
  const name = (login.split('@')[0] ?? '').toLowerCase();
  const holdsName = complexity.excludeUsername !== false && name.length >= 4 && password.toLowerCase().includes(name);
  const isStrong =
    password.length >= least('minLength') &&
    count(/\p{Ll}/gu) >= least('minLowerCase') &&
    count(/\p{Lu}/gu) >= least('minUpperCase') &&
    count(/\d/g) >= least('minNumber') &&
    count(/[^\p{L}\d]/gu) >= least('minSymbol');
  return isStrong && !holdsName ? undefined : REQUIREMENTS;
}

/** Whether the text is the user's password. An imported hash takes any that is not empty, once: its clear text is unknown. */
export function isPassword(user: User, given: unknown): boolean {
  const { password } = user.credentials;
  if (typeof given !== 'string' || given === '') return false;
  return typeof password === 'object' || password === given;
}

/** The credentials that a body asks for, over those there are. Refuses what Okta refuses. */
export function readCredentials(body: Json | undefined, before: UserCredentials, login: string): UserCredentials {
  if (body === undefined || body === null) return before;
  if (!isObject(body)) throw invalid('credentials', ['credentials: The field has an invalid value']);
  const { password, recovery_question: question, provider } = body;
  let after = before;
  if (isObject(provider)) {
    const type = text(provider.type) ?? 'OKTA';
    if (!PROVIDERS.has(type)) throw invalid('credentials.provider.type', [`credentials.provider.type: '${type}' is no kind of provider`]);
    after = { ...after, provider: { type, name: text(provider.name) ?? type } };
  }
  if (isObject(password)) after = withPassword(after, password, login);
  if (isObject(question)) after = withQuestion(after, question);
  return after;
}

function withPassword(before: UserCredentials, password: JsonObject, login: string): UserCredentials {
  const value = text(password.value);
  if (value !== undefined) {
    const fault = passwordFault(value, login);
    if (fault !== undefined) throw invalid('password', [`password: ${fault}`]);
    const history = typeof before.password === 'string' ? [before.password, ...(before.history ?? [])].slice(0, 4) : (before.history ?? []);
    return { ...before, password: value, history };
  }
  if (isObject(password.hash)) {
    if (text(password.hash.algorithm) === undefined || text(password.hash.value) === undefined)
      throw invalid('password.hash', ['algorithm: The field cannot be left blank']);
    return { ...before, password: { hash: password.hash }, provider: { type: 'IMPORT', name: 'IMPORT' } };
  }
  if (isObject(password.hook)) return { ...before, password: { hook: password.hook }, provider: { type: 'IMPORT', name: 'IMPORT' } };
  return before;
}

function withQuestion(before: UserCredentials, question: JsonObject): UserCredentials {
  const asked = text(question.question) ?? before.question?.question;
  const answer = text(question.answer);
  if (asked === undefined) return before;
  if (answer === undefined || answer.length < 4)
    throw invalid('recovery_question', ['The security question answer must be at least 4 characters in length']);
  return { ...before, question: { question: asked, answer } };
}

/** The login in a profile, empty if there is none. */
export function loginOf(profile: JsonObject): string {
  return profileText(profile, 'login');
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
