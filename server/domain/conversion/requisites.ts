/** The legal identity of the company that is planned (S0-33, S0-34, S1-D15). */
import type { ConversionFacts, ExistingClient } from './facts.ts'
import { checkNumberIn } from './numbers.ts'
import type { NumberVerdict } from './numbers.ts'
import type { Choices, Plan } from './plan.ts'
import type { ConversionSetting } from './setting.ts'
import { formOfName, namesOf } from './words.ts'

/** The taxpayer number that is planned with, as it was checked, empty for none, and what its digits say; null: nothing can be said. */
export const innOf = (facts: Pick<ConversionFacts, 'inn'>, { regulation: { requisites } }: { readonly regulation: Pick<ConversionSetting['regulation'], 'requisites'> }, choices: Choices): { readonly inn: string; readonly verdict: NumberVerdict | null } => {
  const inn = (choices.inn ?? facts.inn ?? '').replaceAll(/[\s\u00A0]/g, '')
  const verdict = inn === '' || !requisites.checked ? null : checkNumberIn(inn, requisites.countries)
  // A registration number is right, too, but it is no taxpayer number.
  if (verdict?.ok === true && (verdict.kind === 'ogrn' || verdict.kind === 'ogrnip')) return { inn, verdict: { ok: false, why: 'length' } }
  return { inn: verdict?.ok === true ? verdict.number : inn, verdict }
}

/** The typed taxpayer number that clients are looked for by, where it is a right one; null: they are by the lead's own. What nobody can check must have ten or twelve digits. */
export const searchedInn = (regulation: Pick<ConversionSetting['regulation'], 'requisites'>, { inn: typed = '' }: Choices): string | null => {
  const { inn, verdict } = innOf({ inn: null }, { regulation }, { inn: typed })
  if (verdict === null) return /^(?:\d{10}|\d{12})$/.test(inn) ? inn : null
  return verdict.ok ? verdict.number : null
}

/** Null: there is no number, or the company's requisites hold it already. */
export const requisitesOf = (facts: ConversionFacts, setting: ConversionSetting, choices: Choices, company: ExistingClient | null): Plan['requisites'] => {
  const { inn } = innOf(facts, setting, choices)
  if (inn === '' || company?.by.includes('inn') === true) return null
  const form = formOf(facts, setting, choices)
  const fullName = setting.registry?.kind === 'found' ? setting.registry.fullName : null
  return { form, inn, templateId: facts.requisiteTemplates[form] ?? null, ...(fullName === null ? {} : { fullName }) }
}

/** A sole entrepreneur has a template of his own: chosen, by the registry, by the name, by the length of the number. */
export const formOf = (facts: ConversionFacts, setting: ConversionSetting, choices: Choices): 'company' | 'entrepreneur' => {
  if (choices.form !== undefined) return choices.form
  if (setting.registry?.kind === 'found') return setting.registry.form
  const { verdict } = innOf(facts, setting, choices)
  if (verdict?.ok === true && (verdict.kind === 'inn-person' || verdict.kind === 'inn-organisation')) return verdict.kind === 'inn-person' ? 'entrepreneur' : 'company'
  return formOfName(namesOf(facts.lead) ?? '') ?? 'company'
}
