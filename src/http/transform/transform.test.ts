import { afterEach, describe, expect, it } from 'vitest';
import type { Shape } from '../../catalog/types.ts';
import { call, client, method, readAll } from '../testing/calls.ts';
import { type FakeApi, sendJson, startFakeApi } from '../testing/fake-api.ts';
import { renderTemplate } from './evaluate.ts';
import { transformRequestBody, transformResponseBody } from './transform.ts';

const json = (body: string, text: string, type = 'golang_template_json_v0.3.0'): unknown => {
  const result = transformResponseBody({ type, body }, Buffer.from(text), call('https://x.example.com'));
  return result.kind === 'text' ? JSON.parse(result.text) : result.kind;
};

describe('a template', () => {
  it.each<[string, unknown, string]>([
    ['a {{ .b }} c', { b: 1 }, 'a 1 c'],
    ['a  {{- .b -}}  c', { b: 'x' }, 'axc'],
    ['{{/* no */}}{{ "}}" }}', {}, '}}'],
    ['{{ if and .a (gt (len .a) 1) }}yes{{ else if .b }}b{{ else }}no{{ end }}', { a: [1, 2] }, 'yes'],
    ['{{ if .a }}yes{{ else if .b }}b{{ else }}no{{ end }}', { a: [], b: 0.5 }, 'b'],
    ['{{ range $i, $e := .list }}{{ if $i }},{{ end }}{{ $e.n }}{{ else }}none{{ end }}', { list: [{ n: 1 }, { n: 2 }] }, '1,2'],
    ['{{ range .list }}x{{ else }}none{{ end }}', { list: null }, 'none'],
    ['{{ range $k, $v := . }}{{ $k }}={{ $v }};{{ end }}', { b: 2, a: 'x' }, 'a=x;b=2;'],
    ['{{ range . }}{{ if eq . 3 }}{{ break }}{{ end }}{{ if eq . 1 }}{{ continue }}{{ end }}{{ . }}{{ end }}', [1, 2, 3, 4], '2'],
    ['{{ $s := separator "," }}{{ range . }}{{ call $s }}{{ . }}{{ end }}', ['a', 'b', 'c'], 'a,b,c'],
    ['{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $y := 3 }}{{ end }}{{ $x }}', {}, '2'],
    ['{{ with $x := .a }}{{ .b }}{{ $x.b }}{{ end }}{{ with .none }}x{{ else }}else{{ end }}', { a: { b: 7 } }, '77else'],
    ['{{ define "t" }}<{{ . }}>{{ end }}{{ template "t" .a }}{{ range .l }}{{ template "t" . }}{{ end }}', { a: 1, l: [2] }, '<1><2>'],
    ['{{ printf "%s|%q|%d|%v|%5.1f|%%" .a .a .n .n .n }}', { a: 'x"y', n: 3 }, 'x"y|"x\\"y"|3|3|  3.0|%'],
    ['{{ .a | printf "%s-%s" "p" | len }}', { a: 'ü' }, '4'],
    ['{{ (index . 1).name }} {{ index . 0 "name" }} {{ (index .).name }}', [{ name: 'a' }, { name: 'b' }], 'b a <no value>'],
    ['{{ slice "abcdef" 1 3 }} {{ eq "b" "a" "b" }} {{ ne 1 2 }} {{ not .x }} {{ or .x "d" }}', {}, 'bc true true true d'],
    [
      '{{ kindOf .m }} {{ kindOf .l }} {{ kindOf .s }} {{ kindOf .none }} {{ toInt "12" }} {{ plus1 1 }} {{ toBool "true" }}',
      { m: {}, l: [], s: '' },
      'map slice string invalid 12 2 true',
    ],
    ['{{ toJson . }}', { a: [1, null, 'x'] }, '{"a":[1,null,"x"]}'],
    ['{{ $m := jsonMapFromString . }}{{ $m.a.b }}', '{"a":{"b":1}}', '1'],
    ['{{ getRegexpFirstMatch . "id=(\\\\d+)" }}{{ range getRegexpAllMatches . "(\\\\w)=(\\\\d)" }}[{{ . }}]{{ end }}', 'id=12', '12[d][1]'],
    ['{{ getXPath . "/a/b" }} {{ len (getXPathAllOuter . "//b") }}', '<a><b>1</b><b x="2"/></a>', '1 2'],
    ['{{ `raw "text"` }}{{ "tab\\tnew" }}', {}, 'raw "text"tab\tnew'],
  ])('%s', (template, data, expected) => {
    expect(renderTemplate(template, data)).toBe(expected);
  });

  it.each(['{{ if .a }}', '{{ end }}', '{{ nosuch .a }}', '{{ $x }}', '{{ .a', '{{ template "t" }}', '{{ (.a }}'])(
    '%s is refused',
    (template) => {
      expect(() => renderTemplate(template, { a: 1 })).toThrow(expect.objectContaining({ code: 'invalid_provider' }));
    },
  );
});

describe('a response transform', () => {
  it('lifts nested properties of every row', () => {
    const flatten = `{"value":[{{- range $i, $row := .value -}}{{- if $i -}},{{- end -}}{ {{- $s := separator "," -}}
      {{- range $k, $v := $row -}}{{- if ne $k "properties" -}}{{ call $s }}{{ printf "%q" $k }}: {{ toJson $v }}{{- end -}}{{- end -}}
      {{- range $k, $v := $row.properties -}}{{ call $s }}{{ printf "%q" $k }}: {{ toJson $v }}{{- end -}} } {{- end -}}]{{ with .nextLink }}, "nextLink": {{ toJson . }}{{ end }}}`;
    expect(json(flatten, '{"value":[{"id":"a","properties":{"x":1,"y":{"z":[]}}},{"id":"b"}],"nextLink":"https://n"}')).toEqual({
      value: [{ id: 'a', x: 1, y: { z: [] } }, { id: 'b' }],
      nextLink: 'https://n',
    });
  });

  it('keeps numbers that no double holds', () => {
    const result = transformResponseBody(
      { type: 'golang_template_json_v0.3.0', body: '[{{ toJson .a }},{{ .b }}]' },
      Buffer.from('{"a":9007199254740993,"b":0.10000000000000000001,"c":"9007199254740993"}'),
      call('https://x.example.com'),
    );
    expect(result).toEqual({ kind: 'text', text: '[9007199254740993,0.10000000000000000001]' });
  });

  it('that only wraps an array is not run, and one that does more is', () => {
    const wrap = '{{- $wrapped := printf "{\\"policies\\":%s}" . -}}\n{{- $wrapped -}}';
    expect(json(wrap, '[{"id":1}]', 'golang_template_text_v0.3.0')).toBe('wrapped_array');
    expect(json('{{ printf "{\\"k\\":%s}" . }}', ' [1]', 'golang_template_text_v0.3.0')).toBe('wrapped_array');
    expect(json(wrap, '{"id":1}', 'golang_template_text_v0.3.0')).toEqual({ policies: { id: 1 } });
    expect(json('{"k":{{ . }},"n":1}', '[1]', 'golang_template_text_v0.3.0')).toEqual({ k: [1], n: 1 });
  });

  it('reads XML the way its data is addressed', () => {
    const xml =
      '<?xml version="1.0"?><R xmlns="u"><list><m id="7"><n>a &amp; b</n><ok>true</ok></m><m><n>c</n></m></list><!-- x --><t>5</t></R>';
    expect(
      json(
        '{"rows":[{{ range $i, $m := .R.list.m }}{{ if $i }},{{ end }}{"n":{{ toJson $m.n }},"id":{{ toJson (index $m "-id") }},"ok":{{ toJson $m.ok }}}{{ end }}],"t":{{ .R.t }}}',
        xml,
        'golang_template_mxj_v0.2.0',
      ),
    ).toEqual({
      rows: [
        { n: 'a & b', id: 7, ok: true },
        { n: 'c', id: null, ok: null },
      ],
      t: 5,
    });
  });

  it('reads XML by the schema of the rows', () => {
    const shape = (apiType: Shape['apiType'], properties: Record<string, Shape> = {}, items?: Shape): Shape => ({
      apiType,
      sqlType: 'JSON',
      properties: () => new Map(Object.entries(properties)),
      items: () => items,
    });
    const row = shape('object', {
      UserName: shape('string'),
      Size: shape('integer'),
      Live: shape('boolean'),
      Tags: shape('array', {}, shape('object', { Key: shape('string') })),
    });
    const list = method({
      response: {
        mediaType: 'text/xml',
        rowsPath: ['Users'],
        row,
        transform: { type: 'schema_driven_xml_v0.1.0', body: '', mediaType: 'application/json' },
      },
    });
    const xml =
      '<ListUsersResponse><ListUsersResult><IsTruncated>false</IsTruncated><Users><member><UserName>a</UserName><Size>3</Size><Live>true</Live><Tags><member><Key>k</Key></member></Tags></member><member><UserName>b</UserName></member></Users></ListUsersResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></ListUsersResponse>';
    const result = transformResponseBody(
      { type: 'schema_driven_xml_v0.1.0', body: '' },
      Buffer.from(xml),
      call('https://x.example.com', { method: list }),
    );
    expect(result.kind === 'text' && JSON.parse(result.text)).toEqual({
      Users: [{ UserName: 'a', Size: 3, Live: true, Tags: [{ Key: 'k' }] }, { UserName: 'b' }],
    });
  });
});

describe('a request transform', () => {
  it('makes the body out of what the statement gives', () => {
    const body =
      '{ {{- $s := separator "," -}} {{- if .name }}{{ call $s }}"name": {{ toJson .name }}{{ end -}} {{- if .tags }}{{ call $s }}"tags": {{ toJson .tags }}{{ end -}} }';
    expect(transformRequestBody({ type: 'golang_template_json_v0.3.0', body }, { name: 'a"b', other: 1 })).toBe('{"name": "a\\"b"}');
  });
});

describe('pages of a method with a transform', () => {
  let api: FakeApi;
  afterEach(() => api.close());

  it('hand out the rows under the key that the transform made, and follow the link that it kept', async () => {
    api = await startFakeApi((request, response) =>
      sendJson(
        response,
        request.path.includes('page')
          ? { value: [{ p: { n: 2 } }] }
          : { value: [{ p: { n: 1 } }], nextLink: `${api.origin}/api/v1/users?page=2` },
      ),
    );
    const http = client();
    const list = method({
      response: {
        mediaType: 'application/json',
        rowsPath: ['value'],
        row: undefined,
        transform: {
          type: 'golang_template_json_v0.3.0',
          mediaType: 'application/json',
          body: '{"value":[{{ range .value }}{{ toJson .p }}{{ end }}]}',
        },
      },
      pagination: { algorithm: 'token', request: { key: '', location: 'url' }, response: { key: 'nextLink', location: 'body' } },
    });
    expect(await readAll(http.pages(call(api.origin, { method: list })))).toEqual([{ n: 1 }, { n: 2 }]);
    await http.close();
  });
});
