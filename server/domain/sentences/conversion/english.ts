import type { TargetKind } from '../../conversion/facts.ts'
import type { Lack, VariantBecause } from '../../conversion/plan.ts'
import type { ConversionStep } from '../../conversion/step.ts'
import type { UndoStep } from '../../conversion/undo.ts'
import type { ConversionWords } from '../conversion.ts'
import { counted } from '../words.ts'
import { inQuotes } from '../quotes.ts'
import { hasUsedDeal, keptFields, leftBehind, productNames, valueOfKey } from './parts.ts'

const named = (name: string): string => inQuotes(name, 'en')
const severalOf: Readonly<Record<TargetKind, string>> = { deal: 'deals', contact: 'contacts', company: 'companies' }
const choice = ({ object, count, byName }: Extract<Lack, { kind: 'choice' }>): string => {
  if (byName !== true || object === 'deal') return `Several ${severalOf[object]} were found (${count}): choose one of them, or make a new one.`
  return count === 1
    ? `A ${object} of the same name was found, and nothing else is the same: choose it if it is the same client, or make a new one.`
    : `Several ${severalOf[object]} of the same name were found, and nothing else is the same: choose the one of this client, or make a new one.`
}
const wrongValue = { 'not-a-number': 'a number is needed', 'not-a-date': 'a date is needed', 'not-an-option': 'the list has no such value' } as const
const wrongInn = {
  length: 'Check the taxpayer number: it has a wrong number of digits.',
  digits: 'Check the taxpayer number: it has other characters in it.',
  checksum: 'Check the taxpayer number: its check digit does not fit, so there is a slip in it.',
} as const

const blocked = ({ why, detail }: Extract<Lack, { kind: 'blocked' }>): string => {
  switch (why) {
    case 'not-allowed': return 'The regulation does not allow a conversion.'
    case 'wrong-step': return detail === null ? 'It is too early to convert the lead on this step.' : `The lead may be converted from the step ${named(detail)} on.`
    case 'gate': return `First: ${detail ?? 'meet the needs of the gate'}.`
    case 'already-converted': return 'The lead is converted already.'
    case 'lead-closed': return 'The lead was refused. Bring it back to work to convert it.'
    case 'no-success-stage': return 'The portal has no success stage for leads, so there is nowhere to convert to.'
  }
}

const lack = (one: Lack): string => {
  switch (one.kind) {
    case 'field': return `Fill in the obligatory field ${named(one.title)} of the ${one.object}.`
    case 'value': return `Correct the field ${named(one.title)} of the ${one.object}: ${wrongValue[one.why]}.`
    case 'choice': return choice(one)
    case 'inn': return wrongInn[one.why]
    case 'means': return `Decide whose number this is: ${valueOfKey(one.key)}.`
    case 'pipeline': return 'Choose the pipeline of the deal: the portal has not the one that the regulation names.'
    case 'stage': return 'Choose the stage of the deal.'
    case 'responsible': return 'Choose who is responsible for the deal: nobody is, or not any more.'
    case 'blocked': return blocked(one)
  }
}

const matching = { inn: 'taxpayer number', phone: 'phone', email: 'e-mail address' } as const
const sameWords = (by: Extract<VariantBecause, { why: 'found-client' }>['by']): string => {
  const same = by.flatMap(one => (one === 'made' ? [] : [matching[one]]))
  const list = same.length < 2 ? same.join('') : `${same.slice(0, -1).join(', ')} and ${same.at(-1) ?? ''}`
  return `${by.includes('made') ? ' It was made from this lead.' : ''}${same.length === 0 ? '' : ` The ${list} ${same.length === 1 ? 'is' : 'are'} the same.`}`
}

const stepTitles: Readonly<Record<Exclude<ConversionStep['kind'], 'create' | 'change' | 'check'>, string>> = {
  'link-company': 'Link of the contact to the company',
  requisites: 'Requisites of the company',
  products: 'Products of the deal',
  'link-requisites': 'Requisites in the deal',
  'bind-activities': 'Calls, e-mails and other activities',
  'bind-tasks': 'Tasks',
  'bind-comments': 'Comments of the timeline',
  'bind-quotes': 'Offers',
  'link-lead': 'Link of the lead to the client',
  tell: 'Entries in the timelines of the deal and the lead',
  'finish-lead': 'Move of the lead to the success stage',
}

const undo = (step: UndoStep): string => {
  switch (step.kind) {
    case 'reopen-lead': return 'Bring the lead back to its former stage'
    case 'unlink-lead': return 'Unlink the lead from the client'
    case 'delete-entries': return 'Delete the entries in the timelines'
    case 'unbind-activities': return 'Unbind calls, e-mails and other activities'
    case 'unbind-tasks': return 'Unbind tasks'
    case 'unbind-comments': return 'Unbind comments'
    case 'unbind-quotes': return 'Unbind offers'
    case 'unlink-requisites': return 'Take the requisites out of the deal'
    case 'remove-products': return 'Take the added products out of the deal'
    case 'delete-requisites': return 'Delete the requisites'
    case 'unlink-company': return 'Unlink the contact from the company'
    case 'restore': return `Bring back the former data of the ${step.object}`
    case 'delete': return `Delete the ${step.object}`
  }
}

export const englishConversion: ConversionWords = {
  objects: { deal: 'Deal', contact: 'Contact', company: 'Company' },
  variants: {
    person: { title: 'Private person', makes: 'A deal and a contact' },
    organisation: { title: 'Organisation or sole trader', makes: 'A deal, a contact and a company' },
    client: { title: 'Known client', makes: 'A deal of a client who is there already' },
  },
  because: (because) => {
    switch (because.why) {
      case 'chosen': return 'You have chosen it.'
      case 'bound-client': return `The lead is bound to the client ${named(because.title)}.`
      case 'found-client': return `The client is there already: ${named(because.title)}.${sameWords(because.by)}`
      case 'answer': return `The answer to ${named(because.question)} is ${named(because.answer)}.`
      case 'entrepreneur': return `${named(because.title)} is a sole trader: an organisation with a requisites template of its own.`
      case 'organisation-name': return `The lead names an organisation: ${named(because.title)}.`
      case 'inn': return `There is a taxpayer number: ${because.inn}.`
      case 'setting': return 'By the regulation a private person gets a company, too.'
      case 'nothing-of-organisation': return 'The lead has neither the name of an organisation nor a taxpayer number.'
    }
  },
  candidates: { bound: 'bound to the lead', phone: 'the same phone', email: 'the same e-mail address', inn: 'the same taxpayer number', name: 'a similar name', 'made-from-lead': 'made from this lead', 'open-deal': 'an open deal of the client' },
  hints: {
    mobile: 'A mobile number: most likely the contact’s own.',
    city: 'A fixed line: most likely the company’s.',
    'toll-free': 'A toll-free number: it is the company’s.',
    'has-extension': 'It has an extension: the contact answers there.',
    registry: 'It is in the registry: it is the company’s.',
    'used-by-several': 'Several clients have it: it looks like a shared one.',
    'already-there': 'It is there already and is not needed twice.',
    'at-company': 'The company has it already. If it is the person’s own, give it to the contact.',
    wrong: 'It is not a right one and goes nowhere. The lead keeps it.',
    'shared-mail': 'A shared mailbox: it is the company’s address.',
    'corporate-mail': 'A person’s address at a company’s domain: it is the contact’s.',
    'free-mail': 'A free mail service: most likely the contact’s own address.',
    'no-company': 'The plan has no company, so the contact gets it.',
    'no-contact': 'The plan has no contact, so the company gets it.',
    none: '',
  },
  lack,
  step: ({ kind, key, object = 'deal' }) => {
    if (kind === 'check') return key === 'check-after' ? 'Check that there is one deal' : key === 'check-finish' ? 'Check before the lead is moved' : key === 'check-end' ? 'Check that no second deal has appeared' : key === 'check' ? 'Check of the lead' : 'Second check of the lead'
    return kind === 'create' ? `Creation of the ${object}` : kind === 'change' ? `Changes of the ${object}` : stepTitles[kind]
  },
  undo,
  registry: (answer) => {
    switch (answer?.kind) {
      case 'found': return `Found in the registry: ${answer.fullName ?? answer.name}.`
      case 'not-found': return answer.why === 'nobody' ? 'The registry has no such number.' : wrongInn[answer.why]
      default: return answer?.why === 'no-answer' ? 'The registry has not answered: the number cannot be checked now, which does not make it wrong.' : 'No registry is connected: only the digits of the number were checked.'
    }
  },
  along: ({ activities, tasks, comments, quotes }) => [
    ...(activities === 0 ? [] : [`Calls, e-mails and other activities: ${activities}`]),
    ...(tasks === 0 ? [] : [`Tasks: ${tasks}`]),
    ...(comments === 0 ? [] : [`Comments: ${comments}`]),
    ...(quotes === 0 ? [] : [`Offers: ${quotes}`]),
  ],
  productsThere: rows => `Already in the deal, and not added to it again: ${productNames(rows).map(named).join(', ')}. Their price and quantity stay as they are there.`,
  checklist: (plan, refused = new Set<string>()) => {
    const { staying = [], productsThere = [] } = plan
    const has = (kind: TargetKind): boolean => plan.objects.some(object => object.kind === kind)
    const [left, kept] = [leftBehind(plan), keptFields(plan)]
    return [
      ...(has('company') ? ['The company is called as in its papers.'] : []),
      ...(has('contact') ? ['The contact’s names and position are right.'] : []),
      ...(plan.means.length === 0 || !has('company') || !has('contact') ? [] : ['Personal phones and addresses are the contact’s, those of work the company’s.']),
      ...(left.length === 0 ? [] : [`Not carried over: ${left.join(', ')}. The lead has kept them.`]),
      ...(staying.length === 0 ? [] : [`Answers that only the lead has: ${staying.map(({ title }) => named(title)).join(', ')}.`]),
      ...(kept.length === 0 ? [] : [`Former values were kept: ${kept.map(named).join(', ')}.`]),
      ...(plan.requisites === null || refused.has('requisites') || refused.has('link-requisites') ? [] : [plan.requisites.templateId === null ? 'No requisites were made: the portal has no fitting template. Fill them in in the company.' : 'The requisites are filled in and chosen in the deal.']),
      ...(plan.products.length === 0 || refused.has('products') ? [] : [`${hasUsedDeal(plan) ? 'Added to the deal:' : 'The deal has'} ${counted(plan.products.length, 'product line')}, and the sum is right.`]),
      ...(productsThere.length === 0 ? [] : [`What the deal had already was not added again: ${productNames(productsThere).map(named).join(', ')}. Price and quantity are right.`]),
      'The deal’s responsible, pipeline and stage are right.',
    ]
  },
  gap: (gap) => {
    switch (gap.kind) {
      case 'answer': return `An obligatory answer is missing: ${named(gap.title)}.`
      case 'phone-in-both': return `The phone ${gap.phone} is there twice: with the contact ${named(gap.contact.title)} and with the company ${named(gap.company.title)}. Leave it with one of them.`
      case 'no-deal': return gap.withClient ? 'There is no deal of the lead.' : 'Nothing was made of the lead: no deal, no contact, no company.'
      case 'no-client': return 'There is a deal, but no client: neither it nor the lead is bound to a contact or a company.'
    }
  },
  tell: {
    inDeal: leadTitle => `The deal was made by converting the lead ${named(leadTitle)}.`,
    inUsedDeal: leadTitle => `The lead ${named(leadTitle)} was converted into this deal.`,
    inLead: ({ deal, contact, company }) => `The lead was converted. Deal: ${named(deal)}.${contact === null ? '' : ` Contact: ${named(contact)}.`}${company === null ? '' : ` Company: ${named(company)}.`}`,
  },
}
