/** Why a part of an undone conversion stays, in words: what was changed since, what hangs on it, what needs it. */
import type { Language } from '../contract/session.ts'
import type { TargetKind } from '../domain/conversion/facts.ts'
import type { Touch } from '../domain/conversion/undo.ts'
import { keptBecause } from './conversion-words.ts'

/** What stays: an object, or a part of one such as its products. */
export type KeptKind = TargetKind | 'part'

type More = Exclude<Touch['what'], 'fields' | 'used-by' | 'not-ours' | 'stage' | 'clients'>

/** `titleOf`: of a field by its name; null where it is not known. */
export const keptWords = (by: readonly Touch[], kept: KeptKind, titleOf: (name: string) => string | null, language: Language): string => {
  const say = words[language]
  const fields = by.flatMap(touch => (touch.what === 'fields' ? touch.names : []))
  const titles = [...new Set(fields.flatMap(name => titleOf(name) ?? say.fields[name] ?? []))]
  const changed = [...titles, ...(fields.length > 0 && titles.length === 0 ? [say.others] : []), ...by.flatMap(({ what }) => (what === 'clients' ? [say.clients] : []))]
  const more = by.flatMap(({ what }) => (isMore(what) ? [say.more[what]] : []))
  const users = by.flatMap(touch => (touch.what === 'used-by' ? [say.usedBy(touch.object, kept)] : []))
  return [
    ...(changed.length === 0 ? [] : [say.changed(changed.join(', '))]),
    ...(more.length === 0 ? [] : [say.added(more.join(', '))]),
    ...by.flatMap(({ what }) => (what === 'stage' ? [say.stage] : what === 'not-ours' ? [say.notOurs] : [])),
    ...users,
  ].join(' ') || keptBecause.touched[language]
}

const isMore = (what: Touch['what']): what is More => Object.hasOwn(words.ru.more, what)

interface Words {
  /** Fields that the plan does not name. */
  readonly fields: Readonly<Record<string, string>>
  readonly others: string
  readonly clients: string
  readonly more: Readonly<Record<More, string>>
  readonly changed: (what: string) => string
  readonly added: (what: string) => string
  readonly stage: string
  readonly notOurs: string
  readonly usedBy: (user: TargetKind, kept: KeptKind) => string
}

const given = { m: { deal: 'Указан в сделке, которая остаётся.', contact: 'Указан у контакта, который остаётся.', company: 'Указан у компании, которая остаётся.' }, f: { deal: 'Указана в сделке, которая остаётся.', contact: 'Указана у контакта, который остаётся.', company: 'Указана у компании, которая остаётся.' } }
const together = { deal: 'Сделка, к которой это относится, остаётся.', contact: 'Контакт, к которому это относится, остаётся.', company: 'Компания, к которой это относится, остаётся.' }

const words: Readonly<Record<Language, Words>> = {
  ru: {
    fields: { stageId: 'стадия', categoryId: 'воронка', assignedById: 'ответственный', title: 'название', fm: 'телефоны и адреса', opportunity: 'сумма', comments: 'комментарий', name: 'имя', lastName: 'фамилия', secondName: 'отчество', post: 'должность', observers: 'наблюдатели' },
    others: 'данные карточки',
    clients: 'связанные контакты и компании',
    more: { activities: 'звонок, письмо или другое дело', tasks: 'задача', comments: 'комментарий', products: 'товары', quotes: 'предложение', invoices: 'счёт', deals: 'другая сделка', leads: 'другой лид', contacts: 'другой контакт', requisites: 'другие реквизиты' },
    changed: what => `После конвертации изменено: ${what}.`,
    added: what => `После конвертации добавлено: ${what}.`,
    stage: 'Лид уже перевели на другую стадию.',
    notOurs: 'Создано не этой конвертацией.',
    usedBy: (user, kept) => (kept === 'part' ? together[user] : kept === 'contact' ? given.m[user] : given.f[user]),
  },
  en: {
    fields: { stageId: 'stage', categoryId: 'pipeline', assignedById: 'responsible', title: 'name', fm: 'phones and addresses', opportunity: 'sum', comments: 'comment', name: 'first name', lastName: 'last name', secondName: 'second name', post: 'position', observers: 'observers' },
    others: 'data of the card',
    clients: 'linked contacts and companies',
    more: { activities: 'a call, letter or other activity', tasks: 'a task', comments: 'a comment', products: 'products', quotes: 'an offer', invoices: 'an invoice', deals: 'another deal', leads: 'another lead', contacts: 'another contact', requisites: 'other requisites' },
    changed: what => `Changed since the conversion: ${what}.`,
    added: what => `Added since the conversion: ${what}.`,
    stage: 'The lead has been moved to another stage.',
    notOurs: 'It was not made by this conversion.',
    usedBy: (user, kept) => (kept === 'part' ? `It stays with the ${user}.` : `It is named in the ${user} that stays.`),
  },
}
