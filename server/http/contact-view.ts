/** Phones and addresses of a lead with what is wrong with them, in words. */
import type { ContactView } from '../contract/lead-view.ts'
import type { Language } from '../contract/session.ts'
import type { ContactData } from '../domain/lead.ts'
import type { Regulation } from '../domain/regulation.ts'
import { isLongEnough, sameNumber } from '../domain/rules/attempts.ts'
import type { Watch } from '../domain/watch.ts'
import { type EmailVerdict, type Phone, type PhoneVerdict, readEmails, readPhones } from '../portal/contact-data.ts'

type Words = Readonly<Record<Language, string>>

/** A number of a lead, as people have called it. */
export interface LeadNumber extends Phone {
  /** It is not the client's. */
  readonly isWrong: boolean
  /** Not called wrong, and long enough to be a number at all. */
  readonly mayBeCalled: boolean
}

/** The numbers of a lead, one by one; without a regulation those without a code are read as Russian ones. */
export const numbersOf = ({ phones }: ContactData, watch: Watch, regulation: Pick<Regulation, 'intake'> | null): readonly LeadNumber[] => {
  const wrong = watch.status === 'unseen' ? [] : watch.life?.wrongPhones ?? []
  return phones.flatMap(field => readPhones(field, regulation?.intake.defaultCountry ?? 'RU')).map((phone) => {
    const isWrong = wrong.some(one => sameNumber(one, phone.value))
    return { ...phone, isWrong, mayBeCalled: !isWrong && isUsable(phone) }
  })
}

/** A person reads the number in «+7 900 000-00-01 (Иван)»; the others may be numbers that we know nothing of. */
const isUsable = ({ value, verdict }: Phone): boolean => (verdict === 'letters' ? isLongEnough(value) : verdict !== 'too-short' && verdict !== 'no-number')

export const contactView = ({ emails }: ContactData, numbers: readonly LeadNumber[], language: Language): ContactView => ({
  phones: numbers.map(({ value, e164, extension, verdict, isWrong }) => ({ value, e164, extension, verdict, isWrong, problem: verdict === 'ok' ? null : phoneWords[verdict][language] })),
  emails: emails.flatMap(readEmails).map(email => ({ ...email, problem: email.verdict === 'ok' ? null : emailWords[email.verdict][language] })),
})

const phoneWords: Readonly<Record<Exclude<PhoneVerdict, 'ok'>, Words>> = {
  'too-short': { ru: 'В номере не хватает цифр.', en: 'The number has too few digits.' },
  'too-long': { ru: 'В номере лишние цифры.', en: 'The number has too many digits.' },
  'letters': { ru: 'В номере есть буквы.', en: 'There are letters in the number.' },
  'not-of-country': { ru: 'Таких номеров в этой стране не бывает.', en: 'This country has no such numbers.' },
  'unknown-country': { ru: 'Страны с таким кодом нет.', en: 'No country has this code.' },
  'no-number': { ru: 'Это не номер телефона.', en: 'This is not a phone number.' },
}

const emailWords: Readonly<Record<Exclude<EmailVerdict, 'ok'>, Words>> = {
  'no-at': { ru: 'В адресе нет знака @.', en: 'The address has no @.' },
  'bad-name': { ru: 'Неверно записано имя перед @.', en: 'The name before the @ is written wrongly.' },
  'bad-domain': { ru: 'Такого почтового домена не бывает.', en: 'There can be no such mail domain.' },
}
