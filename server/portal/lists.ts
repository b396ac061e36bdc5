/** Lists that are longer than a page (settings/how-to-call-rest-api/list-methods-pecularities.md: 50 rows, `start`, `next`, `total`). */
import { PortalError } from './error.ts'
import type { Portal } from './portal.ts'
import { type Call, type Outcome, type Row, rowsOf, rowsUnder, textOf } from './rows.ts'

const pageSize = 50

export interface ReadOnOptions {
  /** Pages of one list after the first that are read at most; a longer list has no answer. */
  readonly mostPages?: number
  readonly rowsIn?: (result: unknown) => readonly Row[]
}

/** Of fields and statuses, of which a portal may have some hundreds; a regulation without all of them is of no use. */
const mostPagesOfDictionary = 40

/** Lists of the portal's own settings, whose pages say nothing of `next` but whose answers have 50 rows at most. */
const isDictionary = ({ method }: Call): boolean => method === 'crm.status.list' || method === 'crm.lead.userfield.list'

/** Reads calls of any kind; lists of fields and of statuses come whole. Like `callAll` it never rejects for what the portal does. */
export const callWhole = async (portal: Portal, calls: readonly Call[]): Promise<readonly Outcome[]> => wholeDictionaries(portal, calls, await portal.callAll(calls, { kind: 'read' }))

/** The answers of calls that were read already, with whole lists of fields and of statuses. */
export const wholeDictionaries = async (portal: Portal, calls: readonly Call[], outcomes: readonly Outcome[]): Promise<readonly Outcome[]> => {
  const places = calls.flatMap((call, index) => (isDictionary(call) ? [index] : []))
  const whole = await readOn(portal, places.flatMap(place => calls[place] ?? []), places.flatMap(place => outcomes[place] ?? []), { mostPages: mostPagesOfDictionary })
  return outcomes.map((outcome, index) => (places.includes(index) ? whole[places.indexOf(index)] ?? outcome : outcome))
}

/**
 * The answers to lists with all of their rows, each once. One page is as good as it was, without a request. A list whose rest
 * cannot be read, or is too long, has failed as a whole: part of it would be taken for all.
 */
export const readOn = async (portal: Portal, calls: readonly Call[], outcomes: readonly Outcome[], { mostPages = 10, rowsIn = rowsOf }: ReadOnOptions = {}): Promise<readonly Outcome[]> => {
  const lists = outcomes.flatMap((first, index) => {
    const call = calls[index]
    return call === undefined ? [] : [{ call, first, rows: new Map<string, Row>(), pages: 0, failed: null as Outcome | null, starts: [] as readonly number[] }]
  })
  for (const list of lists) {
    if (!list.first.ok) continue
    const page = rowsIn(list.first.result)
    add(list.rows, page)
    list.starts = startsAfter(0, page.length, list.first)
  }
  for (;;) {
    const asked = lists.flatMap(list => list.starts.map(start => ({ list, start, call: { ...list.call, params: { ...list.call.params, start } } })))
    if (asked.length === 0) break
    for (const list of lists) {
      list.pages += list.starts.length
      list.starts = []
      if (list.pages > mostPages) list.failed = { ok: false, error: new PortalError({ code: 'unexpected', method: list.call.method, status: 200, bitrixMessage: 'the list is too long' }) }
    }
    const open = asked.filter(({ list }) => list.failed === null)
    const answers = open.length === 0 ? [] : await portal.callAll(open.map(({ call }) => call), { kind: 'read' })
    for (const [index, { list, start }] of open.entries()) {
      const answer = answers[index]
      if (answer?.ok !== true) list.failed ??= answer ?? null
      else {
        const page = rowsIn(answer.result)
        // A portal that does not know `start` answers with the same rows for ever.
        if (add(list.rows, page) > 0 && open.findLast(other => other.list === list)?.start === start) list.starts = startsAfter(start, page.length, answer)
      }
    }
  }
  return lists.map(({ first, rows, pages, failed }): Outcome => failed ?? (first.ok && pages > 0 ? { ...first, result: [...rows.values()], next: null } : first))
}

/** Items of one page (`crm.item.list`), or of all pages that were read. */
export const itemsIn = (result: unknown): readonly Row[] => (Array.isArray(result) ? rowsOf(result) : rowsUnder(result, 'items'))

/** How many of the rows were new. */
const add = (rows: Map<string, Row>, page: readonly Row[]): number => {
  const before = rows.size
  for (const row of page) {
    const id = textOf(row['ID'] ?? row['id'])
    rows.set(id === '' ? `row ${rows.size}` : id, row)
  }
  return rows.size - before
}

/** Where the pages after this one begin: all of them when the total is told, else the next one; none after the last. */
const startsAfter = (start: number, size: number, { next, total }: Extract<Outcome, { readonly ok: true }>): readonly number[] => {
  const from = next ?? start + pageSize
  if (total === null) return next !== null || size >= pageSize ? [from] : []
  if (next === null && start + size >= total) return []
  return Array.from({ length: Math.max(1, Math.ceil((total - from) / pageSize)) }, (_, index) => from + index * pageSize)
}
