/** What the lead becomes, and why (S0-29). */
import { codesOf, questionByCode } from '../rules/answers.ts'
import { isProven } from './clients.ts'
import type { Uses } from './clients.ts'
import type { ConversionFacts } from './facts.ts'
import type { Choices, Plan, Variant, VariantBecause } from './plan.ts'
import { innOf } from './requisites.ts'
import type { ConversionSetting } from './setting.ts'
import { formOfName, namesOf } from './words.ts'

export type ProposedVariant = Pick<Plan, 'variant' | 'because' | 'variants'>

/** The first that applies: chosen, a client who is known, an answer of the card, a name, a taxpayer number, the setting; else a person. */
export const variantOf = (facts: ConversionFacts, setting: ConversionSetting, choices: Choices, uses: Uses): ProposedVariant => {
  const isKnown = facts.clients.length > 0
  const variants: readonly Variant[] = isKnown ? ['person', 'organisation', 'client'] : ['person', 'organisation']
  const proposed = [chosenOf(choices), clientOf(facts, uses), answerOf(facts, setting), nameOf(facts), innBecause(facts, setting, choices), settingOf(setting)]
    .find((one): one is Proposal => one !== null && variants.includes(one.variant))
  return { ...(proposed ?? { variant: 'person', because: { why: 'nothing-of-organisation' } }), variants }
}

interface Proposal { readonly variant: Variant; readonly because: VariantBecause }

const chosenOf = ({ variant }: Choices): Proposal | null => (variant === undefined ? null : { variant, because: { why: 'chosen' } })

const clientOf = ({ clients }: ConversionFacts, { company, contact }: Uses): Proposal | null => {
  const bound = clients.filter(({ by }) => by.includes('bound'))
  const used = [company.existing, contact.existing].flatMap(client => client ?? [])
  const isBound = used.find(client => bound.includes(client)) ?? bound[0]
  if (isBound !== undefined) return { variant: 'client', because: { why: 'bound-client', title: isBound.title } }
  const found = used.find(isProven) ?? clients.find(isProven)
  return found === undefined ? null : { variant: 'client', because: { why: 'found-client', title: found.title, by: found.by.filter(one => one !== 'bound' && one !== 'name') } }
}

const answerOf = ({ lead }: ConversionFacts, { regulation: { conversion, card }, language }: ConversionSetting): Proposal | null => {
  const setting = conversion.variantBy ?? null
  const question = setting === null ? undefined : questionByCode(card, setting.question)
  if (setting === null || question === undefined) return null
  const codes = codesOf(question, lead.fields[question.field])
  const variant = (['client', 'organisation', 'person'] as const).find(one => codes.some(code => setting[one].includes(code)))
  if (variant === undefined) return null
  const code = codes.find(one => setting[variant].includes(one)) ?? ''
  const say = ({ ru, en }: { readonly ru: string; readonly en?: string }): string => (language === 'en' ? en ?? ru : ru)
  const title = question.options.find(option => option.code === code)?.title ?? yesNo[code === 'yes' ? 'yes' : 'no']
  return { variant, because: { why: 'answer', question: say(question.title), answer: say(title) } }
}

const yesNo = { yes: { ru: 'да', en: 'yes' }, no: { ru: 'нет', en: 'no' } } as const

/** A company's name says it by being there; other names only by a legal form in them. */
const nameOf = ({ lead }: ConversionFacts): Proposal | null => {
  const title = namesOf(lead)
  return title === null ? null : { variant: 'organisation', because: { why: formOfName(title) === 'entrepreneur' ? 'entrepreneur' : 'organisation-name', title } }
}

const innBecause = (facts: ConversionFacts, setting: ConversionSetting, choices: Choices): Proposal | null => {
  const { inn, verdict } = innOf(facts, setting, choices)
  return inn === '' || verdict?.ok === false ? null : { variant: 'organisation', because: { why: 'inn', inn } }
}

const settingOf = ({ regulation: { conversion } }: ConversionSetting): Proposal | null => (conversion.personGetsCompany ? { variant: 'organisation', because: { why: 'setting' } } : null)
