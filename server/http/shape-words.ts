/** What is wrong with the shape of a document, in words: field, what is wrong, how to mend it. */
import type { z } from 'zod'
import type { Language } from '../contract/session.ts'

type Issue = z.core.$ZodIssue

const mostTold = 50

/** At most fifty; `field` is the dotted path. */
export const shapeProblems = (issues: readonly Issue[], language: Language, prefix = ''): readonly { field: string; message: string }[] =>
  issues.flatMap(issue => flat(issue)).slice(0, mostTold).map(issue => ({ field: [...(prefix === '' ? [] : [prefix]), ...issue.path.map(String)].join('.') || '.', message: language === 'en' ? english(issue) : russian(issue) }))

/** Of a part that may be one of several things, what is wrong with the one that fits best is told. */
const flat = (issue: Issue): readonly Issue[] => {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue]
  const best = [...issue.errors].sort((a, b) => a.length - b.length || depthOf(b) - depthOf(a))[0] ?? []
  return best.map(inner => ({ ...inner, path: [...issue.path, ...inner.path] }) as Issue).flatMap(inner => flat(inner))
}

const depthOf = (issues: readonly Issue[]): number => Math.max(0, ...issues.map(({ path }) => path.length))

const russian = (issue: Issue): string => {
  switch (issue.code) {
    case 'invalid_type': return issue.input === undefined && issue.message.includes('undefined') ? `Обязательное поле отсутствует. Добавьте его: нужно ${russianTypes[issue.expected] ?? issue.expected}.` : `Неверный вид значения. Нужно ${russianTypes[issue.expected] ?? issue.expected}.`
    case 'too_small': return issue.origin === 'string' ? `Слишком коротко. Нужно не меньше ${String(issue.minimum)} знаков.` : issue.origin === 'array' ? `Слишком мало. Нужно не меньше ${String(issue.minimum)}.` : `Число слишком маленькое. Укажите не меньше ${String(issue.minimum)}.`
    case 'too_big': return issue.origin === 'string' ? `Слишком длинно. Сократите до ${String(issue.maximum)} знаков.` : issue.origin === 'array' ? `Слишком много. Оставьте не больше ${String(issue.maximum)}.` : `Число слишком большое. Укажите не больше ${String(issue.maximum)}.`
    case 'unrecognized_keys': return `Неизвестные поля: ${issue.keys.slice(0, 5).join(', ')}. Уберите их или исправьте названия.`
    case 'invalid_value': return `Такого значения нет. Выберите: ${issue.values.map(String).join(', ')}.`
    case 'invalid_format': return issue.format === 'url' ? 'Это не адрес. Укажите адрес целиком, например https://example.com/video.' : 'Значение записано неверно. Проверьте его написание.'
    case 'invalid_key': return 'Неверное имя записи. Здесь нужен номер сотрудника или код.'
    case 'invalid_union': return 'Неизвестный вид этой части. Проверьте её поле «kind» или «is».'
    case 'custom': return issue.params?.['what'] === 'time-zone' ? 'Такого часового пояса нет. Укажите, например, Europe/Moscow.' : 'Значение не подходит. Проверьте его.'
    case 'invalid_element': case 'not_multiple_of': return 'Значение не подходит. Проверьте его.'
  }
}

const english = (issue: Issue): string => {
  switch (issue.code) {
    case 'invalid_type': return issue.input === undefined && issue.message.includes('undefined') ? `An obligatory field is missing. Add it: ${englishTypes[issue.expected] ?? issue.expected} is wanted.` : `The wrong kind of value. Wanted is ${englishTypes[issue.expected] ?? issue.expected}.`
    case 'too_small': return issue.origin === 'string' ? `Too short. Give at least ${String(issue.minimum)} characters.` : issue.origin === 'array' ? `Too few. At least ${String(issue.minimum)} are wanted.` : `The number is too small. Give at least ${String(issue.minimum)}.`
    case 'too_big': return issue.origin === 'string' ? `Too long. Shorten it to ${String(issue.maximum)} characters.` : issue.origin === 'array' ? `Too many. Keep at most ${String(issue.maximum)}.` : `The number is too big. Give at most ${String(issue.maximum)}.`
    case 'unrecognized_keys': return `Unknown fields: ${issue.keys.slice(0, 5).join(', ')}. Remove them or correct their names.`
    case 'invalid_value': return `There is no such value. Choose: ${issue.values.map(String).join(', ')}.`
    case 'invalid_format': return issue.format === 'url' ? 'This is no address. Give all of it, e.g. https://example.com/video.' : 'The value is not well formed. Check how it is written.'
    case 'invalid_key': return 'The name of the entry is wrong. An employee’s number or a code is wanted.'
    case 'invalid_union': return 'Unknown kind of part. Check its field “kind” or “is”.'
    case 'custom': return issue.params?.['what'] === 'time-zone' ? 'There is no such time zone. Give one such as Europe/Moscow.' : 'The value does not fit. Check it.'
    case 'invalid_element': case 'not_multiple_of': return 'The value does not fit. Check it.'
  }
}

const russianTypes: Readonly<Record<string, string>> = { string: 'текст', number: 'число', int: 'целое число', boolean: 'true или false', array: 'список', object: 'объект', record: 'объект', null: 'null' }
const englishTypes: Readonly<Record<string, string>> = { string: 'a text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list', object: 'an object', record: 'an object', null: 'null' }
