import { crc32, deflateSync } from 'node:zlib';
import { glyph } from './card-font.ts';
import type { ProviderFacts } from './facts.ts';
import { counted } from './model/text.ts';

const WIDTH = 1200;
const HEIGHT = 630;
/** Blue ground, white text, pale text, the found cell. */
const PALETTE = [0x0b3d91, 0xffffff, 0xb9d2ff, 0x7fe0a8];

/** The picture that links to a provider's pages are shown with: its name and totals, 1200 x 630, PNG. */
export function drawCard({ name, totals }: ProviderFacts): Uint8Array {
  const pixels = new Uint8Array(WIDTH * HEIGHT);
  drawText(pixels, 'orgql', 80, 80, 6, 2);
  const scale = Math.max(4, Math.min(22, Math.floor((WIDTH - 160) / (6 * Math.max(1, name.length)))));
  drawText(pixels, name.slice(0, 43), 80, 300 - Math.floor((scale * 7) / 2), scale, 1);
  fill(pixels, 80, 430, WIDTH - 160, 6, 3);
  drawText(pixels, `${counted(totals.resources, 'resource')}  ${counted(totals.methods, 'method')}`, 80, 480, 6, 1);
  drawText(pixels, `${counted(totals.services, 'service')}  SQL`, 80, 550, 4, 2);
  return encodePng(pixels);
}

function drawText(pixels: Uint8Array, text: string, left: number, top: number, scale: number, colour: number): void {
  let x = left;
  for (const character of text.toUpperCase()) {
    for (const [row, bits] of glyph(character).entries())
      for (let column = 0; column < 5; column++)
        if ((bits & (0b10000 >> column)) !== 0) fill(pixels, x + column * scale, top + row * scale, scale, scale, colour);
    x += 6 * scale;
  }
}

function fill(pixels: Uint8Array, left: number, top: number, width: number, height: number, colour: number): void {
  for (let y = Math.max(0, top); y < Math.min(HEIGHT, top + height); y++)
    for (let x = Math.max(0, left); x < Math.min(WIDTH, left + width); x++) pixels[y * WIDTH + x] = colour;
}

/** A PNG with four colours, two bits a pixel. @see https://www.w3.org/TR/png-3/ */
function encodePng(pixels: Uint8Array): Uint8Array {
  const rowLength = 1 + WIDTH / 4;
  const rows = Buffer.alloc(rowLength * HEIGHT);
  for (let y = 0; y < HEIGHT; y++)
    for (let x = 0; x < WIDTH; x++) {
      const at = y * rowLength + 1 + (x >> 2);
      rows[at] = (rows[at] ?? 0) | ((pixels[y * WIDTH + x] ?? 0) << (6 - 2 * (x & 3)));
    }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([2, 3, 0, 0, 0], 8);
  const palette = Buffer.from(PALETTE.flatMap((rgb) => [rgb >> 16, (rgb >> 8) & 0xff, rgb & 0xff]));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body) >>> 0, body.length + 4);
  return framed;
}
