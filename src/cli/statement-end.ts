/** Where a shell's buffer has a whole script: it ends in `;` outside of quotes and comments, but for space and comments after it. */
export function endsStatement(text: string): boolean {
  let position = 0;
  let isEnded = false;
  while (position < text.length) {
    const rest = text.slice(position);
    const skip = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)/.exec(rest);
    if (skip !== null) {
      position += skip[0].length;
      continue;
    }
    const open = /^(?:\/\*|'|"|`|\$[A-Za-z_]*\$)/.exec(rest);
    if (open === null) {
      isEnded = rest.startsWith(';');
      position++;
      continue;
    }
    const end = open[0] === '/*' ? -1 : text.indexOf(open[0], position + open[0].length);
    if (end === -1) return false;
    isEnded = false;
    position = end + open[0].length;
  }
  return isEnded;
}
