/**
 * Taxpayer and registration numbers of organisations that can be checked without asking anybody: length, digits and check digit.
 * Russia: ИНН, ОГРН and ОГРНИП (as in python-stdnum, `ru.inn` and `ru.ogrn`; ОГРНИП modulo 13, its last digit). Belarus: УНП (`by.unp`).
 * Kazakhstan: БИН and ИИН (government decree no. 565 of 11 June 2003).
 */
export type NumberKind = 'inn-organisation' | 'inn-person' | 'ogrn' | 'ogrnip' | 'unp' | 'bin'
export type NumberProblem = 'length' | 'digits' | 'checksum'
export type NumberVerdict =
  | { readonly ok: true; readonly kind: NumberKind; readonly number: string }
  | { readonly ok: false; readonly why: NumberProblem }

/** Countries whose numbers can be checked here, ISO 3166-1 alpha-2. */
export const checkedCountries = ['RU', 'BY', 'KZ'] as const

/** Blanks and hyphens do not count. Null: numbers of that country are not known here, and nothing is said of them. */
export const checkNumber = (typed: string, country: string): NumberVerdict | null => {
  const number = typed.replaceAll(/[\s\u00A0-]/g, '').toUpperCase()
  switch (country) {
    case 'RU': return russian(number)
    case 'BY': return belarusian(number)
    case 'KZ': return kazakh(number)
    default: return null
  }
}

/** Right in one of the countries; else what is wrong with it in the first of those that can be checked. Null: none of them can. */
export const checkNumberIn = (typed: string, countries: readonly string[]): NumberVerdict | null => {
  const verdicts = countries.flatMap(country => checkNumber(typed, country) ?? [])
  // Where one country's numbers are unknown here, a number that is wrong elsewhere may be right there.
  if (verdicts.length < countries.length) return verdicts.find(({ ok }) => ok) ?? null
  return verdicts.find(({ ok }) => ok) ?? verdicts[0] ?? null
}

const right = (kind: NumberKind, number: string, holds: boolean): NumberVerdict => (holds ? { ok: true, kind, number } : { ok: false, why: 'checksum' })

const russian = (number: string): NumberVerdict => {
  if (!/^\d+$/.test(number)) return { ok: false, why: 'digits' }
  const digit = (index: number): number => Number(number[index])
  const control = (weights: readonly number[]): number => (weighed(number, weights) % 11) % 10
  switch (number.length) {
    case 10: return right('inn-organisation', number, number !== '0000000000' && control(innTenth) === digit(9))
    case 12: return right('inn-person', number, number !== '000000000000' && control(innEleventh) === digit(10) && control(innTwelfth) === digit(11))
    case 13: return right('ogrn', number, /^[15]/.test(number) && remainder(number.slice(0, 12), 11) % 10 === digit(12))
    case 15: return right('ogrnip', number, number.startsWith('3') && remainder(number.slice(0, 14), 13) % 10 === digit(14))
    default: return { ok: false, why: 'length' }
  }
}

const innTenth = [2, 4, 10, 3, 5, 9, 4, 6, 8]
const innEleventh = [7, 2, 4, 10, 3, 5, 9, 4, 6, 8]
const innTwelfth = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]

const weighed = (number: string, weights: readonly number[]): number => weights.reduce((sum, weight, index) => sum + weight * Number(number[index]), 0)

const remainder = (number: string, divisor: number): number => [...number].reduce((rest, digit) => (rest * 10 + Number(digit)) % divisor, 0)

const letters = 'ABCEHKMOPT'
const lookalikes: Readonly<Record<string, string>> = { А: 'A', В: 'B', С: 'C', Е: 'E', Н: 'H', К: 'K', М: 'M', О: 'O', Р: 'P', Т: 'T' }

/** Organisations have digits, people two letters in front. */
const belarusian = (typed: string): NumberVerdict => {
  const number = [...typed.replace(/^(УНП|UNP)/, '')].map(character => lookalikes[character] ?? character).join('')
  if (number.length !== 9) return { ok: false, why: 'length' }
  if (!/^(?:[1-7]\d|[ABCEHKM][ABCEHKMOPT])\d{7}$/.test(number)) return { ok: false, why: 'digits' }
  const values = [...number].map((character, index) => (/\d/.test(character) ? Number(character) : index === 1 ? letters.indexOf(character) : character.charCodeAt(0) - 55))
  const sum = [29, 23, 19, 17, 13, 7, 5, 3].reduce((total, weight, index) => total + weight * (values[index] ?? 0), 0) % 11
  return right('unp', number, sum < 10 && sum === values[8])
}

const kazakh = (number: string): NumberVerdict => {
  if (!/^\d+$/.test(number)) return { ok: false, why: 'digits' }
  if (number.length !== 12) return { ok: false, why: 'length' }
  const first = weighed(number, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11
  const control = first === 10 ? weighed(number, [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11 : first
  return right('bin', number, control < 10 && control === Number(number[11]) && number !== '000000000000')
}
