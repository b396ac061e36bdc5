import type { Department, Status, User } from '../rows.ts'
import { nextId, type PortalState } from '../state.ts'
import { isoAt } from './time.ts'

interface Around { readonly state: PortalState; readonly timeZone: string; now(): number }

/** A new person; what is not given is that of an ordinary employee. An id may be chosen. */
export const addUser = (world: Around, draft: Partial<User> & Pick<User, 'name' | 'lastName'>): User => {
  const at = isoAt(world.now(), world.timeZone)
  const id = draft.id ?? nextId(world.state, 'user')
  world.state.counters.set('user', Math.max(id, world.state.counters.get('user') ?? 0))
  const user: User = {
    active: true, secondName: '', email: `user${id}@example.com`, workPosition: '', personalPhone: '', gender: '', photo: '', departments: [1],
    isAdmin: false, hasAppAccess: true, timeZone: '', isOnline: true, lastActivityAt: at, registeredAt: at, userType: 'employee',
    ...draft, id,
  }
  world.state.users.set(id, user)
  return user
}

/** A new department under the root one, unless another parent is given. */
export const addDepartment = (world: Around, draft: Partial<Department> & Pick<Department, 'name'>): Department => {
  const id = draft.id ?? nextId(world.state, 'department')
  world.state.counters.set('department', Math.max(id, world.state.counters.get('department') ?? 0))
  const department: Department = { sort: 500, parentId: id === 1 ? null : 1, headId: null, ...draft, id }
  world.state.departments.set(id, department)
  return department
}

/** A new entry of a dictionary (stage, source …). */
export const addStatus = (state: PortalState, draft: Pick<Status, 'entityId' | 'statusId' | 'name'> & Partial<Status>): Status => {
  const id = nextId(state, 'status')
  const status: Status = { nameInit: '', sort: id * 10, system: false, categoryId: null, color: '', semantics: null, isStage: /STATUS$|STAGE/.test(draft.entityId),
    ...draft, id }
  state.statuses.set(id, status)
  return status
}
