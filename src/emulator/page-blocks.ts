/** How many items of a list one block holds: Okta's page of users. */
const BLOCK_SIZE = 200;
const ARENA_BYTES = 32 * 1024 * 1024;
const [OPEN, COMMA, CLOSE] = Buffer.from('[,]') as unknown as readonly [number, number, number];

interface Block {
  /** `[item,item,…]` as bytes. */
  readonly bytes: Uint8Array;
  /** Where each item begins in `bytes`; one more entry says where the last one's `]` stands. */
  readonly offsets: Uint32Array;
}

/**
 * A list of ids as JSON bytes, rendered by blocks: a page is cut from blocks, and a page that is a block is not even copied.
 * It holds for one state of the list; another state has another `PageBlocks`.
 */
export class PageBlocks {
  readonly ids: readonly string[];
  readonly #render: (id: string) => string;
  readonly #blocks: (Block | undefined)[] = [];
  #arena = Buffer.alloc(0);
  #used = 0;

  constructor(ids: readonly string[], render: (id: string) => string) {
    this.ids = ids;
    this.#render = render;
  }

  /** The items from index `start` to before `end`, as one JSON array in pieces. */
  slice(start: number, end: number): Uint8Array[] {
    if (start >= end) return [Buffer.from('[]')];
    const pieces: Uint8Array[] = [];
    for (let at = start; at < end; ) {
      const number = Math.floor(at / BLOCK_SIZE);
      const block = this.block(number);
      const first = at - number * BLOCK_SIZE;
      const last = Math.min(end - number * BLOCK_SIZE, block.offsets.length - 1);
      if (first === 0 && last === block.offsets.length - 1 && at === start && number * BLOCK_SIZE + last === end) return [block.bytes];
      // Without the comma (or bracket) after the last item.
      pieces.push(
        block.bytes.subarray(block.offsets[first], (block.offsets[last] as number) - (last === block.offsets.length - 1 ? 0 : 1)),
      );
      at = number * BLOCK_SIZE + last;
    }
    const comma = Buffer.from(',');
    return [Buffer.from('['), ...pieces.flatMap((piece, index) => (index === 0 ? [piece] : [comma, piece])), Buffer.from(']')];
  }

  get blockCount(): number {
    return Math.ceil(this.ids.length / BLOCK_SIZE);
  }

  /** Renders a block, if it is not yet. */
  block(number: number): Block {
    let block = this.#blocks[number];
    if (block === undefined) {
      block = this.#build(number);
      this.#blocks[number] = block;
    }
    return block;
  }

  /**
   * Written straight into bytes, since joining the texts first costs five times as much, and into large pieces of memory, since the kernel
   * takes pages out of these twice as fast as out of one allocation a block (measured).
   */
  #build(number: number): Block {
    const ids = this.ids.slice(number * BLOCK_SIZE, (number + 1) * BLOCK_SIZE);
    const offsets = new Uint32Array(ids.length + 1);
    let length = 1;
    for (let i = 0; i < ids.length; i++) {
      const text = this.#render(ids[i] as string);
      // A UTF-16 unit takes three bytes at most.
      this.#makeRoom(length, text.length * 3 + 1);
      offsets[i] = length;
      length += this.#arena.write(text, this.#used + length);
      this.#arena[this.#used + length++] = COMMA;
    }
    offsets[ids.length] = length - 1;
    this.#arena[this.#used] = OPEN;
    this.#arena[this.#used + length - 1] = CLOSE;
    const bytes = this.#arena.subarray(this.#used, this.#used + length);
    this.#used += length;
    return { bytes, offsets };
  }

  /** Sees that `more` bytes fit behind the block under way, moving it to a new arena if they do not. */
  #makeRoom(length: number, more: number): void {
    if (this.#used + length + more <= this.#arena.byteLength) return;
    const size = Math.min(Math.max(this.ids.length * 1024, 64 * 1024), ARENA_BYTES);
    const next = Buffer.allocUnsafeSlow(Math.max(size, (length + more) * 2));
    this.#arena.copy(next, 0, this.#used, this.#used + length);
    this.#arena = next;
    this.#used = 0;
  }
}
