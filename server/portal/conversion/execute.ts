/** One step of a conversion on the portal. A step that is carried out twice has its effect once. */
import type { ConversionStep, StepResult } from '../../domain/conversion/step.ts'
import { addProducts, linkCompany, linkRequisites, makeRequisites, tellTimelines } from './belongings.ts'
import { bindActivities, bindComments, bindQuotes, bindTasks } from './bind.ts'
import type { Hands, StepManner } from './hands.ts'
import { change, create } from './items.ts'
import { check, finishLead, linkLead } from './lead.ts'

export type { Hands, StepManner } from './hands.ts'

/**
 * Null: the step may not make anything now (`mayMake`), and what it would make is not there. Rejects with PortalError: `access-denied` and
 * `invalid` with the portal's words, `unknown-outcome` when the answer of a write was lost; then the next attempt finds what was done.
 */
export const carryOutStep = async (hands: Hands, step: ConversionStep, manner: StepManner): Promise<StepResult | null> => {
  switch (step.kind) {
    case 'check': return check(hands.own, step, manner)
    case 'create': return create(hands, step, manner)
    case 'change': return change(hands, step, manner)
    case 'link-company': return linkCompany(hands, step, manner)
    case 'requisites': return makeRequisites(hands, step, manner)
    case 'products': return addProducts(hands, step, manner)
    case 'link-requisites': return linkRequisites(hands.own, step, manner)
    case 'bind-activities': return bindActivities(hands.own, step, manner)
    case 'bind-tasks': return bindTasks(hands.own, step, manner)
    case 'bind-comments': return bindComments(hands.own, step, manner)
    case 'bind-quotes': return bindQuotes(hands.own, step, manner)
    case 'tell': return tellTimelines(hands.own, step, manner)
    case 'link-lead': return linkLead(hands, step, manner)
    case 'finish-lead': return finishLead(hands, step)
  }
}
