import { useI18n } from 'vue-i18n'
import type { QuestionView } from '../../server/contract/lead-view.ts'
import { isEmpty } from './card-keys.ts'
import type { Held } from './draft-store.ts'

/** An answer as a person reads it: titles of options, dates and numbers in words. */
export const useAnswerWords = (): ((question: Pick<QuestionView, 'kind' | 'options' | 'currency'>, held: Held) => string) => {
  const { t, locale } = useI18n()
  return ({ kind, options, currency }, { value, unknown }) => {
    const titleOf = (code: string): string => options.find(option => option.code === code)?.title ?? code
    if (unknown) return t('card.unknown')
    if (value === null || isEmpty(value)) return t('card.no_answer')
    if (Array.isArray(value)) return value.map(titleOf).join(', ')
    if (typeof value === 'number') return value.toLocaleString(locale.value, currency === undefined ? {} : { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' })
    if (kind === 'yesno' && options.length === 0) return value === 'yes' ? t('card.yes') : t('card.no')
    if (kind === 'date') return new Date(`${value}T00:00:00Z`).toLocaleDateString(locale.value, { timeZone: 'UTC', dateStyle: 'long' })
    return titleOf(value)
  }
}
