/** What a look has to read, by the rules of the regulation: what no rule asks for is not asked of the portal. */
import type { FieldName } from '../domain/lead.ts'
import type { Regulation } from '../domain/regulation.ts'
import type { DuplicateSearch, Needs } from '../portal/needs.ts'

/** Lead fields that hold answers or that a rule looks at. */
export const neededFields = ({ card, channels, distribution, intake, steps }: Regulation): readonly FieldName[] => [...new Set([
  ...card.groups.flatMap(group => group.questions.map(question => question.field)),
  card.comment.field, card.result.field, card.nextStep.field, card.reason.field, card.unknown.field,
  ...[card.postponedUntil?.field, distribution.regionField, intake.interestField, ...channels.map(({ detail }) => detail?.field)].filter(field => field !== undefined && field !== null),
  ...steps.flatMap(({ gate }) => gate?.needs.flatMap(need => (need.kind === 'field' ? [need.field] : [])) ?? []),
])]

/** Whatever any of them needs. */
export const needsOf = (regulations: readonly Regulation[], known: DuplicateSearch['known']): Needs => {
  const steps = regulations.flatMap(regulation => regulation.steps)
  const gates = new Set(steps.flatMap(({ gate }) => gate?.needs.map(({ kind }) => kind) ?? []))
  const search = regulations.find(({ intake }) => intake.duplicates.search)
  return {
    clients: search !== undefined || regulations.some(({ distribution }) => distribution.keepClientResponsible),
    duplicates: search === undefined ? null : { ...searchedBy(search), known },
    quotes: gates.has('quote'),
    requisites: gates.has('requisites'),
    summaries: steps.some(({ followUp }) => followUp?.summaryRequired === true),
  }
}

/** The taxpayer number is the answer to the question with the code `inn`. */
export const searchedBy = ({ intake, card }: Regulation): Pick<DuplicateSearch, 'country' | 'innField'> => ({
  country: intake.defaultCountry,
  innField: card.groups.flatMap(({ questions }) => questions).find(({ code }) => code.toLowerCase() === 'inn')?.field ?? null,
})
