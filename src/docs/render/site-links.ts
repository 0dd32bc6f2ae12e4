/** The address `to` of the site as seen from page `from`, so that the site works under any prefix. Both start with `/`. */
export function relativeLink(from: string, to: string): string {
  const [, path = '', rest = ''] = /^([^#?]*)(.*)$/s.exec(to) ?? [];
  const folder = from.slice(0, from.lastIndexOf('/') + 1);
  const here = folder.split('/').slice(1, -1);
  const there = path.split('/').slice(1);
  let shared = 0;
  while (shared < here.length && shared < there.length - 1 && here[shared] === there[shared]) shared++;
  const relative = [...here.slice(shared).map(() => '..'), ...there.slice(shared)].join('/');
  return `${relative === '' ? './' : relative}${rest}`;
}
