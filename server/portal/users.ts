/** People, departments with their heads, and who is at work. */
import type { Person } from '../domain/command.ts'
import { userId } from '../domain/lead.ts'
import { batchLimit } from './batch.ts'
import type { Portal } from './portal.ts'
import { type Call, chunksOf, idOf, idsOf, type Outcome, type Row, rowsOf, textOf } from './rows.ts'
import { isRecord } from './transport.ts'

export interface Department {
  readonly id: number
  readonly name: string
  readonly headId: number | null
  readonly parentId: number | null
}

/** Employees, dismissed ones too: they are still responsible for old leads. `FILTER` in upper case (user-get.md). */
export const employees = (start: number): Call => ({
  method: 'user.get',
  params: { sort: 'ID', order: 'ASC', FILTER: { USER_TYPE: 'employee' }, select: ['ID', 'ACTIVE', 'NAME', 'LAST_NAME', 'UF_DEPARTMENT', 'TIME_ZONE'], start },
})

/** START in upper case (department-get.md). */
export const departmentsFrom = (start: number): Call => ({ method: 'department.get', params: { sort: 'ID', order: 'ASC', START: start } })

/** The pages after the first one, told by its total. */
export const furtherPages = (first: Outcome | undefined, page: (start: number) => Call): readonly Call[] => {
  const total = first?.ok === true ? Math.min(first.total ?? 0, 5000) : 0
  return Array.from({ length: Math.max(0, Math.ceil(total / 50) - 1) }, (_, index) => page((index + 1) * 50))
}

/** UF_HEAD is settable and filterable but missing from the page's sample (department-get.md): `undefined` where the portal leaves it out. */
export const toDepartment = (row: Row): (Department & { readonly headKnown: boolean }) | null => {
  const id = idOf(row['ID'])
  if (id === null) return null
  return { id, name: textOf(row['NAME']), headId: idOf(row['UF_HEAD']), parentId: idOf(row['PARENT']), headKnown: row['UF_HEAD'] !== undefined }
}

/** Heads of departments whose row did not tell: one call for 50 of them (im-department-managers-get.md). */
export const managersOf = (departmentIds: readonly number[]): Call => ({ method: 'im.department.managers.get', params: { ID: departmentIds } })

export const toHeads = (result: unknown): ReadonlyMap<number, number> => {
  const heads = new Map<number, number>()
  for (const [department, managers] of isRecord(result) ? Object.entries(result) : []) {
    const id = idOf(department)
    const [head] = idsOf(managers)
    if (id !== null && head !== undefined) heads.set(id, head)
  }
  return heads
}

export interface Employee {
  readonly id: number
  readonly active: boolean
  readonly name: string
  readonly departmentIds: readonly number[]
  readonly timeZone: string
}

export const toEmployee = (row: Row): Employee | null => {
  const id = idOf(row['ID'])
  if (id === null) return null
  const name = [row['NAME'], row['LAST_NAME']].map(textOf).filter(Boolean).join(' ')
  return { id, active: row['ACTIVE'] === true || row['ACTIVE'] === 'Y', name: name || `№ ${id}`, departmentIds: idsOf(row['UF_DEPARTMENT']), timeZone: textOf(row['TIME_ZONE']) }
}

export interface Presence {
  readonly absent: boolean
  readonly dayOpen: boolean | null
}

/**
 * Who is away and whose working day is open. `absent` of im.user.list.get is the end of an absence or false; time tracking
 * is asked only where the portal has it and keeps it for that person (timeman.settings), for otherwise its status says nothing.
 * A few people are asked about in one request, whether the portal has it or not.
 */
export const readPresence = async (portal: Portal, ids: readonly number[]): Promise<ReadonlyMap<number, Presence>> => {
  const absences: Call[] = chunksOf(ids, 50).map(part => ({ method: 'im.user.list.get', params: { ID: part, RESULT_TYPE: 'array' } }))
  const dayCalls = daysOf(ids)
  const fitsOne = absences.length + 1 + dayCalls.length <= batchLimit
  const outcomes = await portal.callAll([...absences, { method: 'timeman.settings' }, ...(fitsOne ? dayCalls : [])], { kind: 'read' })
  const tracking = outcomes[absences.length]
  const absent = new Set(outcomes.slice(0, absences.length).flatMap(outcome => (outcome.ok ? rowsOf(outcome.result).flatMap(row => (row['absent'] !== false && row['absent'] !== undefined && row['absent'] !== null && row['absent'] !== '' ? idOf(row['id']) ?? [] : [])) : [])))
  const days = tracking?.ok === true ? toDays(ids, fitsOne ? outcomes.slice(absences.length + 1) : await portal.callAll(dayCalls, { kind: 'read' })) : new Map<number, boolean>()
  return new Map(ids.map(id => [id, { absent: absent.has(id), dayOpen: days.get(id) ?? null }]))
}

const daysOf = (ids: readonly number[]): readonly Call[] => ids.flatMap((id): Call[] => [{ method: 'timeman.settings', params: { USER_ID: id } }, { method: 'timeman.status', params: { USER_ID: id } }])

const toDays = (ids: readonly number[], outcomes: readonly Outcome[]): ReadonlyMap<number, boolean> => {
  const days = new Map<number, boolean>()
  ids.forEach((id, index) => {
    const settings = outcomes[index * 2]
    const status = outcomes[index * 2 + 1]
    if (settings?.ok !== true || status?.ok !== true || !isRecord(settings.result) || settings.result['UF_TIMEMAN'] !== true || !isRecord(status.result)) return
    // PAUSED is a break of an open day; EXPIRED was opened on another day and forgotten.
    const state = textOf(status.result['STATUS'])
    days.set(id, state === 'OPENED' || state === 'PAUSED')
  })
  return days
}

/** Heads on the way up from each of his departments, nearest first; himself and inactive ones left out. */
export const headsOf = (person: Employee, departments: ReadonlyMap<number, Department>, isActive: (id: number) => boolean): readonly number[] => {
  const heads: { id: number; height: number }[] = []
  for (const start of person.departmentIds) {
    const seen = new Set<number>()
    for (let id: number | null = start, height = 0; id !== null && !seen.has(id); height += 1) {
      seen.add(id)
      const department: Department | undefined = departments.get(id)
      if (department === undefined) break
      const { headId } = department
      if (headId !== null && headId !== person.id && isActive(headId)) heads.push({ id: headId, height })
      id = department.parentId
    }
  }
  return [...new Set(heads.sort((a, b) => a.height - b.height).map(({ id }) => id))]
}

export const toPerson = (employee: Employee, presence: Presence | undefined, heads: readonly number[]): Person => ({
  id: userId(employee.id),
  name: employee.name,
  active: employee.active,
  departmentIds: employee.departmentIds,
  headIds: heads.map(userId),
  absent: presence?.absent ?? false,
  dayOpen: presence?.dayOpen ?? null,
})
