/** Conversions of a portal in memory: objects with marks, bindings, the lead's stage; faults before and after each effect. */
import { idOf, type UndoStep } from '../../../server/domain/conversion/undo.ts'
import { markOfStep, type ConversionStep, type Ref, type StepResult } from '../../../server/domain/conversion/step.ts'
import type { ConversionPortal, StepHow, TakenBack } from '../../../server/jobs/ports.ts'
import { PortalError, type PortalErrorCode } from '../../../server/portal/error.ts'

export interface ToyObject { readonly id: number; readonly kind: string; readonly mark: string; readonly by: string | null; links: readonly number[]; touched: boolean }

export interface ToyConversions extends ConversionPortal {
  readonly objects: Map<number, ToyObject>
  readonly bindings: Set<string>
  stage: string
  /** Its stage cannot be changed back: what the portal says. */
  stays: string | null
  /** Deals of the lead made by others. */
  strangers: number[]
  /** Every effect, as `key` or `-key` for taking back. */
  readonly effects: string[]
  /** What the portal answers instead of doing it. */
  refuse: (step: ConversionStep, how: StepHow) => PortalErrorCode | null
  /** The answer of what was done gets lost, or comes late. */
  answer: (step: ConversionStep) => Promise<PortalErrorCode | null>
  refuseUndo: (undo: UndoStep) => PortalErrorCode | null
  /** Called before and after the effect of a step or an undo: throwing is the death of the process. */
  dies: (when: 'before' | 'after', key: string) => void
}

export const makeToyConversions = (): ToyConversions => {
  let ids = 500
  const refuseIf = (code: PortalErrorCode | null, method: string): void => {
    if (code !== null) throw new PortalError({ code, method, bitrixMessage: 'Так нельзя' })
  }
  const known = (ref: Ref, how: StepHow): number => {
    const id = idOf(ref, how.results)
    if (id === null) throw new Error('a reference leads nowhere')
    return id
  }

  const make = (step: ConversionStep, how: StepHow, kind: string, links: readonly number[]): StepResult | null => {
    const mark = markOfStep(how.conversionId, step.key)
    const found = how.attempts > 0 ? [...toy.objects.values()].find(object => object.mark === mark) : undefined
    if (found !== undefined) return { id: found.id, found: true }
    if (!how.mayMake) return null
    const id = ++ids
    toy.objects.set(id, { id, kind, mark, by: how.accessToken, links, touched: false })
    toy.effects.push(step.key)
    return { id }
  }

  const bind = (step: ConversionStep & { readonly kind: 'bind-activities' | 'bind-tasks' | 'bind-comments' }, how: StepHow): StepResult => {
    for (const id of step.ids) for (const to of step.to) toy.bindings.add(`${step.kind} ${id} ${known(to.id, how)}`)
    toy.effects.push(step.key)
    return { ids: step.ids }
  }

  const apply = (step: ConversionStep, how: StepHow): StepResult | null => {
    switch (step.kind) {
      case 'check': {
        const dealIds = toy.strangers.filter(id => !step.knownDeals.includes(id))
        return dealIds.length > 0 || (toy.stage === 'CONVERTED' && step.onSuccess !== true) ? { stop: { why: 'converted-elsewhere', dealIds } } : {}
      }
      case 'create': return make(step, how, step.object, [...(step.companyId === null ? [] : [known(step.companyId, how)]), ...step.contactIds.map(ref => known(ref, how))])
      case 'requisites': return make(step, how, 'requisites', [known(step.owner, how)])
      case 'tell': {
        const made = make(step, how, 'entry', [known(step.deal, how)])
        return made?.id === undefined ? made : { ...made, ids: [made.id] }
      }
      case 'products': return { ...make(step, how, 'products', [known(step.deal, how)]), ids: [1] }
      case 'bind-activities': case 'bind-tasks': case 'bind-comments': return bind(step, how)
      case 'finish-lead':
        toy.stage = step.to
        break
      default:
    }
    toy.effects.push(step.key)
    return {}
  }

  const undo = (step: UndoStep): TakenBack => {
    switch (step.kind) {
      case 'delete': case 'delete-requisites': {
        const object = toy.objects.get(step.id)
        if (object?.touched === true) return { outcome: 'kept', why: 'touched', words: null }
        if (object !== undefined && [...toy.objects.values()].some(({ links }) => links.includes(object.id) )) throw new Error(`${object.kind} ${object.id} is removed while something hangs on it`)
        toy.objects.delete(step.id)
        break
      }
      case 'delete-entries':
        for (const id of step.ids) toy.objects.delete(id)
        break
      case 'remove-products':
        for (const object of [...toy.objects.values()]) if (object.kind === 'products') toy.objects.delete(object.id)
        break
      case 'unbind-activities': case 'unbind-tasks': case 'unbind-comments':
        for (const { id, objectId } of step.bound) toy.bindings.delete(`${step.kind.slice(2)} ${id} ${objectId}`)
        break
      case 'reopen-lead':
        if (toy.stays !== null) return { outcome: 'kept', why: 'refused', words: toy.stays }
        if (toy.stage === step.from) toy.stage = step.to
        break
      default:
    }
    toy.effects.push(`-${step.key}`)
    return { outcome: 'taken-back' }
  }

  const toy: ToyConversions = {
    objects: new Map(),
    bindings: new Set(),
    stage: 'WORK',
    stays: null,
    strangers: [],
    effects: [],
    refuse: () => null,
    answer: async () => null,
    refuseUndo: () => null,
    dies: () => {},
    carryOutStep: async (_memberId, step, how) => {
      toy.dies('before', step.key)
      refuseIf(toy.refuse(step, how), step.kind)
      const result = apply(step, how)
      refuseIf(await toy.answer(step), step.kind)
      toy.dies('after', step.key)
      return result
    },
    takeBack: async (_memberId, step, _id, { dry = false } = {}) => {
      if (dry) return step.kind === 'delete' && toy.objects.get(step.id)?.touched === true ? { outcome: 'kept', why: 'touched', words: null } : { outcome: 'taken-back' }
      toy.dies('before', `-${step.key}`)
      refuseIf(toy.refuseUndo(step), step.kind)
      const outcome = undo(step)
      toy.dies('after', `-${step.key}`)
      return outcome
    },
  }
  return toy
}
