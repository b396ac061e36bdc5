/** Conditions, tests and needs of a gate as they stand in the middle of a sentence about a change. */
import type { AnswerTest, Condition, GateNeed, Regulation, Text } from '../regulation.ts'

export interface Naming {
  /** The documents in which a question may stand, the newer one first. */
  readonly documents: readonly Regulation[]
  readonly language: 'ru' | 'en'
  readonly quote: (text: string) => string
  /** The portal's own name of a field. */
  readonly fieldName: (field: string) => string
}

/** «Материал»: один из ответов «Дерево», «Камень». */
export const conditionWords = (condition: Condition, naming: Naming, isInside = false): string => {
  if ('question' in condition) return testOfQuestion(condition.question, condition.answer, naming)
  const [parts, joint] = 'all' in condition ? [condition.all, naming.language === 'en' ? ' and ' : ' и '] : [condition.any, naming.language === 'en' ? ' or ' : ' или ']
  const text = parts.map(one => conditionWords(one, naming, true)).join(joint)
  return isInside && parts.length > 1 ? `(${text})` : text
}

export const testOfQuestion = (code: string, test: AnswerTest, naming: Naming): string => `${naming.quote(questionTitle(code, naming))}: ${testWords(test, code, naming)}`

export const testWords = (test: AnswerTest, code: string, naming: Naming): string => {
  const isEnglish = naming.language === 'en'
  switch (test.is) {
    case 'filled': return isEnglish ? 'answered' : 'есть ответ'
    case 'empty': return isEnglish ? 'not answered' : 'нет ответа'
    case 'one-of': return `${isEnglish ? 'one of' : 'один из ответов'} ${answers(code, test.values, naming)}`
    case 'none-of': return `${isEnglish ? 'none of' : 'ни один из ответов'} ${answers(code, test.values, naming)}`
    case 'less': return `${isEnglish ? 'less than' : 'меньше'} ${test.than}`
    case 'more': return `${isEnglish ? 'more than' : 'больше'} ${test.than}`
  }
}

/** What a gate wants, without the word «нужно». */
export const needWords = (need: GateNeed, naming: Naming): string => {
  const words = needs[naming.language]
  switch (need.kind) {
    case 'answer': return testOfQuestion(need.question, need.answer, naming)
    case 'field': return `${words.field} ${naming.quote(textIn(need.title, naming))} (${naming.quote(naming.fieldName(need.field))})`
    case 'quote': return words[need.state]
    case 'responsible': return words[need.who]
    default: return words[need.kind]
  }
}

const needs = {
  ru: {
    answers: 'обязательные ответы', field: 'заполнено поле', 'task-done': 'задача закрыта', contact: 'состоялся контакт с клиентом', 'email-sent': 'клиенту отправлено письмо', 'offer-sent': 'предложение отправлено письмом или сообщением',
    sent: 'предложение отправлено', accepted: 'предложение принято', requisites: 'есть реквизиты', 'email-known': 'известен e-mail', pool: 'ответственный — из группы распределения', head: 'ответственный – руководитель',
  },
  en: {
    answers: 'the obligatory answers', field: 'filled field', 'task-done': 'the task is closed', contact: 'the client was reached', 'email-sent': 'an e-mail was sent', 'offer-sent': 'the offer was sent by e-mail or message',
    sent: 'the offer was sent', accepted: 'the offer was accepted', requisites: 'requisites are there', 'email-known': 'the e-mail is known', pool: 'the responsible is of a distribution group', head: 'the responsible is a head',
  },
} as const

const textIn = ({ ru, en }: Text, { language }: Naming): string => (language === 'en' ? en ?? ru : ru)

const questionOf = (code: string, { documents }: Naming) => documents.flatMap(({ card }) => card.groups.flatMap(group => group.questions)).find(question => question.code === code)

const questionTitle = (code: string, naming: Naming): string => {
  const question = questionOf(code, naming)
  return question === undefined ? code : textIn(question.title, naming)
}

const answers = (code: string, values: readonly string[], naming: Naming): string => values.map((value) => {
  const question = questionOf(code, naming)
  const option = question?.options.find(one => one.code === value)
  const said = question?.kind === 'yesno' ? yesNo[naming.language][value] ?? value : option === undefined ? value : textIn(option.title, naming)
  return naming.quote(said)
}).join(', ')

const yesNo: Readonly<Record<'ru' | 'en', Readonly<Record<string, string>>>> = { ru: { yes: 'да', no: 'нет' }, en: { yes: 'yes', no: 'no' } }
