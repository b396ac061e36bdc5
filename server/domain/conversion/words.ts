/** What names tell of a client: an organisation, a sole entrepreneur, or nothing (S0-29). */
import { textsOf } from '../rules/answers.ts'
import type { ConversionFacts } from './facts.ts'

const entrepreneurs = ['ИП', 'ФОП', 'ФЛП', 'индивидуальный предприниматель', 'индивидуального предпринимателя', 'глава КФХ', 'sole trader', 'sole proprietor']
const organisations = [
  'ООО', 'OOO', 'ОАО', 'ЗАО', 'ПАО', 'НАО', 'АО', 'ОДО', 'ТОО', 'ЧУП', 'УП', 'РУП', 'ГУП', 'МУП', 'ФГУП', 'АНО', 'НКО', 'ГБУ', 'ГКУ', 'ГАУ', 'МБУ', 'МКУ', 'МАУ', 'ФГБУ', 'ФГАУ', 'ГБУЗ', 'ГБОУ', 'МБОУ', 'МБДОУ',
  'КФХ', 'СПК', 'ТСЖ', 'ТСН', 'СНТ', 'ЖСК', 'общество с ограниченной ответственностью', 'акционерное общество', 'товарищество с ограниченной ответственностью', 'унитарное предприятие', 'LLC', 'Ltd', 'Inc', 'GmbH', 'Corp', 'PLC',
]

/** As a word of its own: \b knows no Cyrillic letters. */
const among = (words: readonly string[]): RegExp => new RegExp(`(?<![\\p{L}\\d])(?:${words.map(word => word.replaceAll(' ', '\\s+')).join('|')})(?![\\p{L}\\d])`, 'iu')
const entrepreneur = among(entrepreneurs)
const organisation = among(organisations)

/** «ИП Иванов» is an entrepreneur, «ООО Ромашка» an organisation; null: the name says neither. */
export const formOfName = (name: string): 'entrepreneur' | 'company' | null => formIn(name)?.form ?? null

/** The first one counts: «ООО «ИП Групп»» is a company. */
const formIn = (text: string): { readonly form: 'entrepreneur' | 'company'; readonly words: string; readonly index: number } | null => {
  const [person, company] = [entrepreneur.exec(text), organisation.exec(text)]
  if (person !== null && (company === null || person.index <= company.index)) return { form: 'entrepreneur', words: person[0], index: person.index }
  return company === null ? null : { form: 'company', words: company[0], index: company.index }
}

/** The part of a text that is the name: from the legal form on, in «Заявка с сайта: ООО «Ромашка», окна» `ООО «Ромашка»`. */
export const nameIn = (text: string): string => {
  const found = formIn(text)
  if (found === null) return text.trim()
  const rest = text.slice(found.index)
  const quoted = /^[^«"“,;|–—]*(?:«[^»]*»|"[^"]*"|“[^”]*”)/u.exec(rest)
  const name = (quoted?.[0] ?? rest.split(/[,;|]|\s[–—-]\s/u)[0] ?? rest).trim()
  // «Ромашка ООО»: the form stands behind the name.
  return name.length <= found.words.length + 1 ? text.split(/[,;|]/u)[0]?.trim() ?? text.trim() : name
}

/** The organisation as the lead names it; null: it does not. */
export const namesOf = (lead: ConversionFacts['lead']): string | null => {
  const company = textOf(lead, 'companyTitle')
  if (company !== '') return company
  const named = [personOf(lead), lead.title].find(name => formOfName(name) !== null)
  return named === undefined ? null : nameIn(named)
}

/** The person as the lead names him, the last name first; empty when it does not. */
export const personOf = (lead: ConversionFacts['lead']): string => ['lastName', 'name', 'secondName'].map(name => textOf(lead, name)).filter(part => part !== '').join(' ')

export const textOf = ({ fields }: Pick<ConversionFacts['lead'], 'fields'>, name: string): string => textsOf(fields[name]).join(' ').trim()
