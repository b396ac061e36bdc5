import { computed, shallowRef, watch, type ComputedRef, type InjectionKey, type Ref } from 'vue'
import type { ActionsView, LeadView } from '../../../server/contract/lead-view.ts'
import type { ActFormName } from './form-name.ts'

/** Why the act of a form cannot be done now: the lead is closed, somebody else's, elsewhere, or changed in some other way. */
export type Withdrawal = 'closed' | 'handed' | 'moved' | 'other'

/** Why a form cannot be sent now, in words; empty when it can. */
export const withdrawnKey: InjectionKey<Readonly<Ref<string>>> = Symbol('withdrawn')

export interface ShownForm {
  readonly name: ActFormName
  /** What is offered now, or was last. */
  readonly actions: ActionsView
  readonly withdrawn: Withdrawal | null
  /** Out of sight it only keeps what was typed. */
  readonly seen: boolean
}

export interface ActForms {
  readonly open: Ref<ActFormName | null>
  readonly shown: ComputedRef<readonly ShownForm[]>
  /** Something was typed in a form that is neither sent nor closed by hand. */
  readonly holds: ComputedRef<boolean>
  readonly hold: (name: ActFormName) => void
  /** Forgets what was typed in it. */
  readonly drop: (name: string) => void
}

const names: readonly ActFormName[] = ['call-back', 'call-declared', 'wrong-number', 'wait', 'move-deadline', 'reassign', 'allow-move']

const isOffered = (name: ActFormName, { actions }: LeadView): boolean => {
  if (actions === undefined) return false
  switch (name) {
    case 'call-back': return actions.callBack !== null
    case 'call-declared': return actions.declareCall !== null
    case 'wrong-number': return actions.wrongNumber !== null
    case 'wait': return actions.wait !== null
    case 'move-deadline': return actions.moveDeadline !== null
    case 'reassign': return actions.reassign !== null
    case 'allow-move': return actions.allowMove !== null
  }
}

/** Forms of acts, one open at a time. One in which something was typed lives until it is sent or closed by hand, even when its act is not offered any more. */
export const useActForms = (view: () => LeadView): ActForms => {
  const open = shallowRef<ActFormName | null>(null)
  const held = shallowRef<ReadonlySet<ActFormName>>(new Set())
  /** The lead as it was when each act was offered last. */
  const before = shallowRef<ReadonlyMap<ActFormName, LeadView>>(new Map())

  watch(view, (now) => {
    before.value = new Map([...before.value, ...names.filter(name => isOffered(name, now)).map(name => [name, now] as const)])
    if (open.value !== null && !isOffered(open.value, now) && !held.value.has(open.value)) open.value = null
    open.value ??= names.find(name => held.value.has(name) && !isOffered(name, now)) ?? null
  }, { immediate: true })

  const withdrawalOf = (name: ActFormName, then: LeadView): Withdrawal | null => {
    const now = view()
    if (isOffered(name, now)) return null
    if (now.status === 'closed') return 'closed'
    if ((now.responsible ?? null) !== null && now.responsible?.id !== then.responsible?.id) return 'handed'
    return now.step !== null && now.step.id !== then.step?.id ? 'moved' : 'other'
  }

  return {
    open,
    shown: computed(() => names.flatMap((name) => {
      const then = before.value.get(name)
      if (then?.actions === undefined || !(open.value === name || held.value.has(name))) return []
      const withdrawn = withdrawalOf(name, then)
      return [{ name, actions: then.actions, withdrawn, seen: open.value === name || withdrawn !== null }]
    })),
    holds: computed(() => held.value.size > 0),
    hold: (name) => { if (!held.value.has(name)) held.value = new Set([...held.value, name]) },
    drop: (name) => {
      held.value = new Set([...held.value].filter(each => each !== name))
      if (open.value === name) open.value = null
    },
  }
}
