/** The card as the lead tab shows it: the groups of the step, in the reader's language. Pure. */
import type { Answer } from '../contract/card.ts'
import type { CardView } from '../contract/lead-view.ts'
import type { Language } from '../contract/session.ts'
import { fieldName, type Lead } from '../domain/lead.ts'
import type { Card, Condition, Question, StepCard, Text } from '../domain/regulation.ts'
import { testsOf } from '../domain/regulation/references.ts'
import { textsOf } from '../domain/rules/answers.ts'
import { cardState, groupsOf } from '../domain/rules/card.ts'
import { toAnswer, toDay, unknownCodes } from './card-answers.ts'

/** The lead's currency (crm/universal/object-fields.md). */
export const leadCurrency = fieldName('currencyId')

const wholeCard: StepCard = { groups: [], closing: true }

/** `step` is what the step asks of the card; null for the whole card of a lead that is over. */
export const cardView = (card: Card, step: StepCard | null, lead: Lead, { editable, attemptsMade }: Pick<CardView, 'editable' | 'attemptsMade'>, language: Language): CardView => {
  const asked = step ?? wholeCard
  const groups = groupsOf(card, asked)
  const state = cardState(card, lead.fields, asked)
  const say = (text: Text) => (language === 'en' ? text.en ?? text.ru : text.ru)
  const sayIf = (text: Text | undefined) => (text === undefined ? null : say(text))
  const comment = lead.fields[card.comment.field]
  return {
    groups: groups.map(group => ({ id: group.id, title: say(group.title), questions: group.questions.map(question => questionView(question, card, lead, say)) })),
    closing: asked.closing,
    comment: { title: say(card.comment.title), required: card.comment.required, value: comment === undefined || comment === null ? '' : String(comment) },
    result: { title: say(card.result.title), options: ['qualified', 'not-qualified', ...(card.result.values.postponed === null || card.postponedUntil === null ? [] : ['postponed' as const])], value: state.result },
    postponedUntil: card.postponedUntil === null ? null : { title: say(card.postponedUntil.title), value: state.postponedUntil === null ? null : toDay(state.postponedUntil) },
    nextStep: { title: say(card.nextStep.title), options: card.nextStep.options.map(({ code, title }) => ({ code, title: say(title) })), value: state.nextStep },
    reason: {
      title: say(card.reason.title),
      options: card.reason.options.map(({ code, title, guidance, evidence, commentRequired, returnDateAsked, attemptsNeeded = 0 }) => ({
        code, title: say(title), guidance: sayIf(guidance), evidence: sayIf(evidence), commentRequired: commentRequired === true, dateAsked: returnDateAsked === true && card.postponedUntil !== null, attemptsNeeded,
      })),
      value: state.reason,
    },
    ...(attemptsMade === undefined ? {} : { attemptsMade }),
    missing: state.missing.map(({ code }) => code),
    elsewhere: answersElsewhere(card, groups, lead),
    editable,
  }
}

const questionView = (question: Question, card: Card, lead: Lead, say: (text: Text) => string): CardView['groups'][number]['questions'][number] => {
  const { disqualifies } = question
  const reason = disqualifies === undefined ? undefined : card.reason.options.find(({ code }) => code === disqualifies.reason)
  return {
    code: question.code,
    title: say(question.title),
    script: say(question.script),
    hint: question.hint === undefined ? null : say(question.hint),
    kind: question.kind,
    class: question.class,
    required: question.required,
    unknownAllowed: question.unknownAllowed,
    options: question.options.map(({ code, title }) => ({ code, title: say(title) })),
    value: toAnswer(question, lead.fields[question.field]),
    ...currencyOf(question, lead),
    unknown: question.unknownAllowed && unknownCodes(card, lead.fields).includes(question.code),
    onlyIf: question.onlyIf ?? null,
    disqualifies: disqualifies === undefined ? null : { when: disqualifies.when, reason: reason === undefined ? null : say(reason.title) },
  }
}

/** That of the field itself, else the lead's: a sum may be kept in a field of plain numbers. */
const currencyOf = ({ kind, field }: Question, { fields }: Lead): { currency?: string } => {
  if (kind !== 'money') return {}
  const currency = String(fields[field] ?? '').split('|')[1] ?? String(fields[leadCurrency] ?? '')
  return /^[A-Z]{3}$/.test(currency) ? { currency } : {}
}

/** Answers that conditions of the shown questions need and the page does not show. */
const answersElsewhere = (card: Card, shown: Card['groups'], lead: Lead): Record<string, Answer | null> => {
  const here = new Set(shown.flatMap(({ questions }) => questions.map(({ code }) => code)))
  const conditions = shown.flatMap(({ questions }) => questions.flatMap(({ onlyIf }): Condition[] => (onlyIf === undefined ? [] : [onlyIf])))
  const named = new Set(conditions.flatMap(testsOf).map(({ question }) => question).filter(code => !here.has(code)))
  const questions = card.groups.flatMap(group => group.questions).filter(({ code }) => named.has(code))
  return Object.fromEntries(questions.map(question => [question.code, answerOf(question, lead)]))
}

/** Conditions compare the text of an answer that the page would not take as one, e.g. of a number. */
const answerOf = (question: Question, lead: Lead): Answer | null => {
  const answer = toAnswer(question, lead.fields[question.field])
  return answer ?? (textsOf(lead.fields[question.field])[0] ?? null)
}
