import { describe, expect, test } from 'vitest';
import { OrgqlError } from '../util/errors.ts';
import { asOrgqlError, errorAsJson, printError } from './print-error.ts';

const PLAIN = { useColour: false, isVerbose: false };

describe('an error as a person reads it', () => {
  test('says what, where, why and how to put it right', () => {
    const source = "SELECT *\nFROM okta.group.users WHERE subdomain = 'acme'";
    const error = new OrgqlError('required_parameter_missing', 'okta.group.users needs a value for "groupId"', {
      source,
      span: { offset: source.indexOf('okta'), length: 16 },
      detail: 'it is read one group at a time (GET /api/v1/groups/{groupId}/users)',
      hint: "add  WHERE groupId = '...'",
    });
    expect(printError(error, PLAIN)).toBe(
      `error[required_parameter_missing]: okta.group.users needs a value for "groupId"
  --> line 2, column 6
   | FROM okta.group.users WHERE subdomain = 'acme'
   |      ^^^^^^^^^^^^^^^^
 why: it is read one group at a time (GET /api/v1/groups/{groupId}/users)
 fix: add  WHERE groupId = '...'
`,
    );
  });

  test('points right under wide characters', () => {
    const source = "SELECT '日本', emial FROM x";
    const error = new OrgqlError('unknown_column', 'no column "emial"', { source, span: { offset: source.indexOf('emial'), length: 5 } });
    expect(printError(error, PLAIN)).toBe(
      `error[unknown_column]: no column "emial"\n  --> line 1, column 14\n   | SELECT '日本', emial FROM x\n   |                ^^^^^\n`,
    );
  });

  test('shortens a long line around the place', () => {
    const source = `SELECT ${'a, '.repeat(200)}bad FROM x`;
    const text = printError(
      new OrgqlError('unknown_column', 'm', { source, span: { offset: source.indexOf('bad'), length: 3 } }),
      PLAIN,
    ).split('\n');
    expect(text[2]).toBe(`   | … ${'a, '.repeat(200).slice(-40)}bad FROM x`);
    expect(text[3]).toBe(`   | ${' '.repeat(42)}^^^`);
  });

  test('shows what the API said, hostile characters escaped', () => {
    const error = new OrgqlError('not_found', 'Not found: \u001b[2J', {
      api: { status: 404, errorCode: 'E0000007', summary: 'Not found: Resource not found', causes: ['no \u202esuch'], requestId: 'req1' },
    });
    expect(printError(error, PLAIN)).toBe(
      'error[not_found]: Not found: \\u001b[2J\n api: no \\u202esuch\n api: HTTP 404, E0000007, Not found: Resource not found, request req1\n',
    );
  });

  test('lists every error of a statement', () => {
    const other = new OrgqlError('unknown_column', 'no column "b"');
    expect(printError(new OrgqlError('unknown_column', 'no column "a"', { others: [other] }), PLAIN)).toBe(
      'error[unknown_column]: no column "a"\nerror[unknown_column]: no column "b"\n',
    );
  });
});

test('as JSON it keeps code, place and exit status', () => {
  const error = new OrgqlError('unknown_column', 'no "\u202ex"', { source: 'SELECT x', span: { offset: 7, length: 1 }, hint: 'h' });
  expect(errorAsJson(error)).toBe(
    '{"error":{"code":"unknown_column","message":"no \\"\\u202ex\\"","hint":"h","position":{"line":1,"column":8,"offset":7,"length":1},"sqlState":"42703","exitStatus":1}}',
  );
});

describe('other thrown things', () => {
  test("the system's refusals say why in words", () => {
    const error = asOrgqlError(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' }));
    expect({ code: error.code, message: error.message, detail: error.detail, hint: error.hint }).toEqual({
      code: 'io_error',
      message: 'write failed',
      detail: 'the disk is full (ENOSPC)',
      hint: 'free some space, or write elsewhere',
    });
  });

  test('anything unknown is a fault in orgql', () => {
    expect(asOrgqlError(new TypeError('x is not a function')).code).toBe('internal');
  });
});
