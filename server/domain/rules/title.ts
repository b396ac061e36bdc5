/** The lead's title by the company's template: who and what (S2-4). A title that a person wrote is left as it is. */
import type { FieldValue } from '../lead.ts'
import type { Regulation } from '../regulation.ts'
import { channelOf } from './channels.ts'
import { activeWatch, give, inLanguage, markOf } from './turn.ts'
import type { Turn } from './turn.ts'

/** Gives the lead the template's title while the present one is empty, made by the portal, or our own earlier one. */
export const setTitle = (turn: Turn): void => {
  const { titleTemplate } = turn.regulation.intake
  if (titleTemplate === null) return
  const { leadId, life } = activeWatch(turn)
  const from = turn.lead.title.trim()
  const title = titleOf(turn, titleTemplate)
  if (title === '' || title === from || title === life?.title || !(looksAutomatic(from) || from === life?.title)) return
  give(turn, { kind: 'set-title', leadId, title, mark: markOf(turn, `title-${life?.titles ?? 0}`), because: { rule: 'title-by-template', from, to: title } })
}

/** A title that the portal, its telephony or a site form gave, and nobody has written. */
export const looksAutomatic = (title: string): boolean => {
  const text = title.trim()
  return text === '' || isPhone(text) || automatic.some(pattern => pattern.test(text))
}

/** The template with its parts filled in; an empty part falls out together with the separator before it. Empty when no part has anything. */
export const fillTemplate = (template: string, parts: Readonly<Record<string, string>>): string => {
  const pieces = template.split(/\{(\w+)\}/)
  let text = ''
  let used: readonly string[] = []
  let isLastFilled = true
  for (let index = 1; index < pieces.length; index += 2) {
    const part = (parts[pieces[index] ?? ''] ?? '').replaceAll(/\s+/g, ' ').trim()
    isLastFilled = part !== '' && !used.includes(part.toLowerCase())
    if (!isLastFilled) continue
    text += (used.length === 0 ? pieces[0] ?? '' : pieces[index - 1] ?? '') + part
    used = [...used, part.toLowerCase()]
  }
  if (used.length === 0) return ''
  const whole = paired(text + (isLastFilled ? pieces.at(-1) ?? '' : ''))
  return whole.replaceAll(/\s+/g, ' ').trim().slice(0, longest).trim()
}

/** `crm.item.update`: a title has at most 255 characters. */
const longest = 255

const titleOf = (turn: Turn, template: string): string => {
  const { lead, regulation, context } = turn
  const channel = channelOf(turn)
  const name = channel === undefined ? '' : inLanguage(channel.name, context.language)
  const { interestField } = regulation.intake
  return fillTemplate(template, {
    company: lead.companyTitle,
    client: lead.clientName,
    interest: interestField === null ? name : textOf(regulation, interestField, lead.fields[interestField], context.language),
    channel: name,
    source: (lead.sourceId === null ? undefined : context.sourceNames?.[lead.sourceId]) ?? '',
    phone: lead.contact.phones[0] ?? '',
  })
}

/** Values of a list question are told by their titles; numbers of the portal's own would tell nobody anything. */
const textOf = ({ card }: Regulation, field: string, value: FieldValue | undefined, language: 'ru' | 'en'): string => {
  const values: readonly (string | number)[] = value === undefined || value === null || typeof value === 'boolean' ? [] : typeof value === 'object' ? value : [value]
  const question = card.groups.flatMap(group => group.questions).find(one => one.field === field)
  const titles = values.map((one) => {
    if (question === undefined || question.options.length === 0) return String(one)
    const option = question.options.find(({ value: known }) => known === String(one))
    return option === undefined ? '' : inLanguage(option.title, language)
  })
  return titles.filter(title => title !== '').join(', ')
}

/** A bracket whose partner fell out with an empty part. */
const paired = (text: string): string => {
  const open: number[] = []
  const single = new Set<number>()
  for (const [index, character] of [...text].entries()) {
    if (character === '(' || character === '[') open.push(index)
    else if ((character === ')' || character === ']') && open.pop() === undefined) single.add(index)
  }
  for (const index of open) single.add(index)
  return [...text].filter((_, index) => !single.has(index)).join('')
}

const isPhone = (text: string): boolean => /^[\d\s()+\-–.]+$/.test(text) && text.replaceAll(/\D/g, '').length >= 5

const automatic: readonly RegExp[] = [
  /^(новый )?(лид|lead|new lead)\s*[#№]?\s*\d*$/i,
  /^(входящий|исходящий|пропущенный|обратный)\s+звонок(\s|$)/i,
  /^(incoming|outgoing|inbound|outbound|missed)\s+call(\s|$)/i,
  /^[\d\s()+\-–.]{5,}\s*[-–—:]?\s*(входящий|исходящий|пропущенный|incoming|outgoing|inbound|outbound|missed)\s+(звонок|call)$/i,
  /^(заполнение|заполнена)\s+crm[- ]форм/i,
  /^crm[- ]form\b/i,
]
