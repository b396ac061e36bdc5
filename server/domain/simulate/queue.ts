/** A binary heap of what is to be looked at next: by moment, then by place, so that every run goes the same way. */

export interface Due {
  readonly ms: number
  /** Index of the lead among the stories. */
  readonly place: number
}

export interface DueQueue {
  push(due: Due): void
  pop(): Due | undefined
}

export const createDueQueue = (): DueQueue => {
  const heap: Due[] = []
  const before = (a: Due | undefined, b: Due | undefined): boolean => a !== undefined && b !== undefined && (a.ms < b.ms || (a.ms === b.ms && a.place < b.place))
  const swap = (a: number, b: number): void => {
    const [one, other] = [heap[a], heap[b]]
    if (one === undefined || other === undefined) return
    heap[a] = other
    heap[b] = one
  }
  return {
    push: (due) => {
      heap.push(due)
      for (let at = heap.length - 1; at > 0;) {
        const parent = (at - 1) >> 1
        if (!before(heap[at], heap[parent])) return
        swap(at, parent)
        at = parent
      }
    },
    pop: () => {
      const [first] = heap
      const last = heap.pop()
      if (heap.length === 0 || last === undefined) return first
      heap[0] = last
      for (let at = 0; ;) {
        const [left, right] = [2 * at + 1, 2 * at + 2]
        const least = before(heap[right], heap[left]) ? right : left
        if (!before(heap[least], heap[at])) return first
        swap(at, least)
        at = least
      }
    },
  }
}
