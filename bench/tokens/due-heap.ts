/** Something that is due. */
export interface Due {
  /** On the clock of all processes. */
  dueNs: number;
}

/** What is due first, of many: a binary heap. */
export class DueHeap<Item extends Due> {
  readonly #items: Item[] = [];

  get size(): number {
    return this.#items.length;
  }

  get first(): Item | undefined {
    return this.#items[0];
  }

  add(item: Item): void {
    const items = this.#items;
    let place = items.push(item) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      const parent = items[above];
      if (parent === undefined || parent.dueNs <= item.dueNs) break;
      items[place] = parent;
      place = above;
    }
    items[place] = item;
  }

  removeFirst(): void {
    const last = this.#items.pop();
    if (last !== undefined && this.#items.length > 0) this.#sink(last);
  }

  clear(): void {
    this.#items.length = 0;
  }

  /** Puts an item in the place of the first, and then where it belongs. */
  #sink(item: Item): void {
    const items = this.#items;
    const { length } = items;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      const one = items[left];
      const other = items[left + 1];
      if (one === undefined) break;
      const isOther = left + 1 < length && other !== undefined && other.dueNs < one.dueNs;
      const sooner = isOther ? other : one;
      if (sooner.dueNs >= item.dueNs) break;
      items[place] = sooner;
      place = isOther ? left + 1 : left;
    }
    items[place] = item;
  }
}
