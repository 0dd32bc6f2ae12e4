import { APPS } from '../../src/emulator/families/apps/store.ts';
import { HOOKS } from '../../src/emulator/families/event-hooks.ts';
import { POLICIES, rulesOf } from '../../src/emulator/families/policies/store.ts';
import { valueAt } from '../../src/emulator/filter/compile.ts';
import type { Row, Task } from './task.ts';

const number = (value: unknown): number | null => (typeof value === 'number' ? value : null);
const isWithin = (value: number | null, low: number, high = Number.POSITIVE_INFINITY): boolean =>
  value !== null && value >= low && value <= high;

/** Policies. */
export const policies: readonly Task[] = [
  {
    name: '28: password policies that ask for too little',
    sql: `SELECT p.name, p.priority, p.status,
             json_extract(p.settings,'$.password.complexity.minLength')::INT AS min_len,
             json_extract(p.settings,'$.password.age.maxAgeDays')::INT AS max_age,
             json_extract(p.settings,'$.password.age.historyCount')::INT AS history,
             json_extract(p.settings,'$.password.lockout.maxAttempts')::INT AS lockout
      FROM okta.policy.policies p
      WHERE p.type = 'PASSWORD' AND p.status = 'ACTIVE'
        AND (min_len >= 15 AND max_age BETWEEN 1 AND 60 AND lockout BETWEEN 1 AND 3) IS NOT TRUE;`,
    answer: (org) =>
      org
        .collection(POLICIES)
        .filter((policy) => policy.type === 'PASSWORD' && policy.status === 'ACTIVE')
        .flatMap((policy): Row[] => {
          const setting = (...path: string[]): number | null => number(valueAt(policy.settings ?? {}, ['password', ...path]));
          const length = setting('complexity', 'minLength');
          const age = setting('age', 'maxAgeDays');
          const lockout = setting('lockout', 'maxAttempts');
          if (isWithin(length, 15) && isWithin(age, 1, 60) && isWithin(lockout, 1, 3)) return [];
          return [[policy.name, policy.priority, policy.status, length, age, setting('age', 'historyCount'), lockout]];
        }),
    floor: 1,
  },
  {
    name: '30: apps that one factor opens',
    sql: `SELECT p.name AS policy, r.name AS rule, a.label AS app
      FROM okta.policy.policies p
      JOIN okta.policy.rules r ON r.policyId = p.id
      LEFT JOIN okta.application.apps a ON a._links.accessPolicy.href LIKE '%/' || p.id
      WHERE p.type = 'ACCESS_POLICY' AND p.status = 'ACTIVE' AND r.status = 'ACTIVE'
        AND r.actions.appSignOn.access = 'ALLOW'
        AND r.actions.appSignOn.verificationMethod.factorMode = '1FA';`,
    answer: (org) =>
      org
        .collection(POLICIES)
        .filter((policy) => policy.type === 'ACCESS_POLICY' && policy.status === 'ACTIVE')
        .flatMap((policy) =>
          rulesOf(org, policy.id)
            .filter(
              (rule) =>
                rule.status === 'ACTIVE' &&
                valueAt(rule.actions, ['appSignOn', 'access']) === 'ALLOW' &&
                valueAt(rule.actions, ['appSignOn', 'verificationMethod', 'factorMode']) === '1FA',
            )
            .flatMap((rule): Row[] => {
              const apps = org.collection(APPS).filter((app) => app.accessPolicyId === policy.id);
              return apps.length === 0 ? [[policy.name, rule.name, null]] : apps.map((app): Row => [policy.name, rule.name, app.label]);
            }),
        ),
    // The policies with their rules, and two pages of apps.
    floor: 3,
  },
  {
    name: '32: the switches of an org',
    sql: `SELECT t.action AS threatinsight, s.support, s.expiration,
             (SELECT COUNT(*) FROM okta.eventhook.eventhooks h WHERE h.status = 'ACTIVE') AS hooks
      FROM okta.threatinsight.configuration t, okta.org.oktasupport s;`,
    // Nobody has turned anything on in an org as it comes.
    answer: (org) => [['none', 'DISABLED', null, org.collection(HOOKS).filter((hook) => hook.status === 'ACTIVE').length]],
    floor: 3,
  },
];
