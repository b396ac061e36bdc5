/** Phones and addresses of a lead with what is wrong with them, in words. */
import type { ContactView } from '../contract/lead-view.ts'
import type { Language } from '../contract/session.ts'
import type { ContactData } from '../domain/lead.ts'
import { type EmailVerdict, type PhoneVerdict, readEmails, readPhones } from '../portal/contact-data.ts'

type Words = Readonly<Record<Language, string>>

/** `country`: ISO 3166-1 alpha-2, of numbers without a code. */
export const contactView = ({ phones, emails }: ContactData, country: string, language: Language): ContactView => ({
  phones: phones.flatMap(field => readPhones(field, country)).map(phone => ({ ...phone, problem: phone.verdict === 'ok' ? null : phoneWords[phone.verdict][language] })),
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
