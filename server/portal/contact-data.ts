/** Phones and e-mail addresses as people type them: normal forms to compare and to dial, and what is wrong with the others. */
import { domainToASCII } from 'node:url'
import { type CountryCode, isSupportedCountry, parsePhoneNumberWithError, ParseError, validatePhoneNumberLength } from 'libphonenumber-js'
import { phonesIn, splitExtension } from '../domain/phone-parts.ts'

export type PhoneVerdict = 'ok' | 'too-short' | 'too-long' | 'letters' | 'not-of-country' | 'unknown-country' | 'no-number'
export type EmailVerdict = 'ok' | 'no-at' | 'bad-name' | 'bad-domain'

export interface Phone {
  /** As it was typed. */
  readonly value: string
  /** `+79000000001`; null unless the verdict is `ok`. */
  readonly e164: string | null
  readonly extension: string | null
  readonly verdict: PhoneVerdict
}

export interface Email {
  readonly value: string
  /** In lower case, its domain in ASCII (`xn--…`); null unless the verdict is `ok`. */
  readonly address: string | null
  readonly verdict: EmailVerdict
}

const label = /^(?:мобильный|рабочий|домашний|телефон|phone|mobile|моб|раб|дом|тел|tel|т)\s*[.:]*\s*/iu

/** The numbers of one field: several may be parted by `,` `;` `/` `|` or a new line. `country`: ISO 3166-1 alpha-2, for numbers without a code. */
export const readPhones = (field: string, country: string): readonly Phone[] =>
  phonesIn(field).map(part => readPhone(part, country))

const readPhone = (value: string, wanted: string): Phone => {
  const { number, extension } = splitExtension(value.replace(label, ''))
  const wrong = (verdict: PhoneVerdict): Phone => ({ value, e164: null, extension, verdict })
  if (/\p{L}/u.test(number)) return wrong('letters')
  if (!/\d/.test(number)) return wrong('no-number')
  const country: CountryCode = isSupportedCountry(wanted) ? wanted : 'RU'
  // «+8 900 …» is how many write the trunk prefix 8 of Russia and Kazakhstan.
  const text = (country === 'RU' || country === 'KZ') && /^\D*\+\D*8(?:\D*9)(?:\D*\d){9}\D*$/.test(number) ? number.replace('+', '') : number
  const length = validatePhoneNumberLength(text, country)
  if (length !== undefined) return wrong(lengthVerdicts[length])
  try {
    const parsed = parsePhoneNumberWithError(text, country)
    return parsed.isValid() ? { value, e164: parsed.number, extension, verdict: 'ok' } : wrong('not-of-country')
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    return wrong(parseVerdicts[error.message] ?? 'no-number')
  }
}

const lengthVerdicts: Readonly<Record<NonNullable<ReturnType<typeof validatePhoneNumberLength>>, PhoneVerdict>> =
  { TOO_SHORT: 'too-short', TOO_LONG: 'too-long', INVALID_LENGTH: 'too-long', INVALID_COUNTRY: 'unknown-country', NOT_A_NUMBER: 'no-number' }

const parseVerdicts: Readonly<Record<string, PhoneVerdict>> = { TOO_SHORT: 'too-short', TOO_LONG: 'too-long', INVALID_COUNTRY: 'unknown-country' }

export interface Named {
  /** The lead has a person's name or a bound contact. */
  readonly person: boolean
  /** It has a company's name or a bound company. */
  readonly company: boolean
}

/**
 * Those of a lead's phone fields that reach nobody in particular: a company's number without an extension while no person is named, and a
 * toll-free one (8 800) likewise. With a person named it is his number, whoever else has it (S1-D1, D2, D5).
 */
export const sharedPhones = (fields: readonly string[], { person, company }: Named, country = 'RU'): readonly string[] =>
  person ? [] : fields.filter(field => readPhones(field, country).every(({ value, extension }) => extension === null && (company || isTollFree(value))))

/** Russia's and Kazakhstan's code of calls that the called pays for. */
const isTollFree = (value: string): boolean => /^(?:7|8)800\d{7}$/.test(value.replaceAll(/\D/g, ''))

/** The addresses of one field: several may be parted by `,` `;` or blanks. */
export const readEmails = (field: string): readonly Email[] =>
  field.split(/[,;\s]+/u).map(part => part.replace(/^(?:mailto:|<)+|[>.]+$/giu, '')).filter(part => part !== '').map(readEmail)

const readEmail = (value: string): Email => {
  const at = value.lastIndexOf('@')
  if (at < 0) return { value, address: null, verdict: 'no-at' }
  const name = value.slice(0, at)
  if (name.length > 64 || !/^[^\s@<>()[\]\\:"]+$/u.test(name) || /^\.|\.\.|\.$/.test(name)) return { value, address: null, verdict: 'bad-name' }
  const domain = domainToASCII(value.slice(at + 1).toLowerCase())
  // What is no domain becomes the empty text; an address of numbers or without a dot is no mail domain.
  if (domain.length > 253 || !/^(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+(?:[a-z]{2,63}|xn--[a-z\d-]{1,59})$/.test(domain)) return { value, address: null, verdict: 'bad-domain' }
  return { value, address: `${name.toLowerCase()}@${domain}`, verdict: 'ok' }
}

export interface Reachable {
  /** E.164, each once. */
  readonly phones: readonly string[]
  readonly emails: readonly string[]
}

/** What of the contact data can be searched for: right numbers and addresses only. */
export const reachableBy = (contact: { readonly phones: readonly string[]; readonly emails: readonly string[] }, country: string): Reachable => ({
  phones: [...new Set(contact.phones.flatMap(field => readPhones(field, country)).flatMap(({ e164 }) => e164 ?? []))],
  emails: [...new Set(contact.emails.flatMap(readEmails).flatMap(({ address }) => address ?? []))],
})
