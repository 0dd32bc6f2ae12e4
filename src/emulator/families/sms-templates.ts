import { defineCollection } from '../collection.ts';
import { target } from '../log-writer.ts';
import type { Org } from '../org.ts';
import { invalid, notFound } from '../refusal.ts';
import { empty, json } from '../reply.ts';
import { mapOf, merge, objectAt, oneOf, readBody, requireAll } from '../shape.ts';
import { isoTime, wholeSecond } from '../time.ts';
import type { Call, Family, JsonObject, Reply } from '../types.ts';

const PATH = '/api/v1/templates/sms';
const TEMPLATE = `${PATH}/{templateId}`;
const DEFAULT_ID = 'default';
const MAX_LENGTH = 161;
/** What the code stands in for. */
const CODE = `\${code}`;

interface SmsTemplate {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly template: string;
  readonly created: number;
  readonly lastUpdated: number;
  readonly translations: JsonObject;
}

const TEMPLATES = defineCollection<SmsTemplate>('smsTemplates');
const BODY = { name: 'string', type: oneOf('SMS_VERIFY_CODE'), template: 'string', translations: mapOf('string') } as const;

/** Texts of the messages that carry a code to a phone. */
export const smsTemplates: Family = {
  name: 'sms templates',
  routes: [
    { method: 'GET', path: PATH, handle: list },
    { method: 'POST', path: PATH, handle: create },
    { method: 'GET', path: TEMPLATE, handle: (call) => json(200, render(templateOf(call))) },
    { method: 'POST', path: TEMPLATE, handle: (call) => update(call, true) },
    { method: 'PUT', path: TEMPLATE, handle: (call) => update(call, false) },
    { method: 'DELETE', path: TEMPLATE, handle: remove },
  ],
};

function list(call: Call): Reply {
  const type = call.query.get('templateType');
  const all = [defaultTemplate(call.org), ...call.org.collection(TEMPLATES).list()];
  return json(200, all.filter((one) => type === null || type === '' || one.type === type).map(render));
}

function defaultTemplate(org: Org): SmsTemplate {
  const now = org.groups.get(org.everyoneId)?.created ?? wholeSecond(org.clock.now());
  return {
    id: DEFAULT_ID,
    name: 'Default',
    type: 'SMS_VERIFY_CODE',
    template: `Your code is ${CODE}.`,
    created: now,
    lastUpdated: now,
    translations: {},
  };
}

function templateOf(call: Call): SmsTemplate {
  const id = call.params.templateId ?? '';
  const found = id === DEFAULT_ID ? defaultTemplate(call.org) : call.org.collection(TEMPLATES).get(id);
  if (found === undefined) throw notFound(id, 'AppInstance');
  return found;
}

function check(template: string, translations: JsonObject): void {
  for (const text of [template, ...Object.values(translations)]) {
    if (typeof text !== 'string' || !text.includes(CODE)) throw invalid('template', [`template: The template must contain ${CODE}`]);
    if (text.length > MAX_LENGTH) throw invalid('template', [`template: The field is too long: at most ${MAX_LENGTH} characters`]);
  }
}

function create(call: Call): Reply {
  const body = readBody(call.json(), BODY);
  requireAll(body, ['name', 'type', 'template']);
  const translations = objectAt(body.translations);
  check(String(body.template), translations);
  const created = wholeSecond(call.now);
  const template = call.org.collection(TEMPLATES).put({
    id: call.org.ids.next('cst'),
    name: String(body.name),
    type: String(body.type),
    template: String(body.template),
    created,
    lastUpdated: created,
    translations,
  });
  log(call, 'system.sms.template.create', template);
  return json(200, render(template));
}

/** POST changes what it names and adds translations; PUT replaces all. */
function update(call: Call, isPartial: boolean): Reply {
  const before = templateOf(call);
  if (before.id === DEFAULT_ID) throw invalid('id', ['The default template cannot be changed']);
  const body = readBody(call.json(), BODY);
  if (!isPartial) requireAll(body, ['name', 'type', 'template']);
  const given = objectAt(body.translations);
  const template: SmsTemplate = {
    ...before,
    name: String(body.name ?? before.name),
    template: String(body.template ?? before.template),
    translations: isPartial ? merge(before.translations, given) : given,
    lastUpdated: wholeSecond(call.now),
  };
  check(template.template, template.translations);
  call.org.collection(TEMPLATES).put(template);
  log(call, 'system.sms.template.update', template);
  return json(200, render(template));
}

function remove(call: Call): Reply {
  const template = templateOf(call);
  if (template.id === DEFAULT_ID) throw invalid('id', ['The default template cannot be deleted']);
  call.org.collection(TEMPLATES).delete(template.id);
  log(call, 'system.sms.template.delete', template);
  return empty(204);
}

function render(template: SmsTemplate): JsonObject {
  return {
    id: template.id,
    name: template.name,
    type: template.type,
    template: template.template,
    created: isoTime(template.created),
    lastUpdated: isoTime(template.lastUpdated),
    ...(Object.keys(template.translations).length === 0 ? {} : { translations: template.translations }),
  };
}

function log(call: Call, eventType: string, template: SmsTemplate): void {
  call.log(eventType, { targets: [target('SmsTemplate', template.id, template.name)] });
}
