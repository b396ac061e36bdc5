import enKit from '@bitrix24/b24ui-nuxt/runtime/locale/en.js'
import { createI18n } from 'vue-i18n'
import type russian from './ru.json'
import type { Language } from '../../server/contract/session.ts'

type Messages = typeof russian

/** One file per language, fetched when it is spoken. */
const loaders: Readonly<Record<Language, () => Promise<Messages>>> = {
  ru: async () => (await import('./ru.json')).default,
  en: async () => (await import('./en.json')).default,
}

const kitLoaders = {
  ru: async () => (await import('@bitrix24/b24ui-nuxt/runtime/locale/ru.js')).default,
  // The kit falls back to English, so it is in every page anyway.
  en: async () => enKit,
}

/** Our words and the UI kit's words in one language. */
export const loadLanguage = async (language: Language) => {
  const [messages, kit] = await Promise.all([loaders[language](), kitLoaders[language]()])
  return { i18n: speak(language, messages), kit }
}

/** The translator of a page. */
export const speak = (language: Language, messages: Messages) =>
  createI18n<false>({
    legacy: false,
    locale: language,
    messages: { [language]: messages },
    pluralRules: { ru: russianPlural },
  })

/** Place of the form among «один | несколько | много»: 1 ответ, 2 ответа, 5 ответов. */
export const russianPlural = (count: number): number => {
  const tens = Math.abs(count) % 100
  const ones = tens % 10
  if (tens > 10 && tens < 20) return 2
  if (ones === 1) return 0
  return ones >= 2 && ones <= 4 ? 1 : 2
}
