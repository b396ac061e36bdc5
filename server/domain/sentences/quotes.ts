/** Names in the middle of a sentence: a name that has quotation marks of its own gets inner ones, so that none stand doubled. */

type Language = 'ru' | 'en'

const marks = {
  ru: { outer: ['«', '»'], inner: ['„', '“'] },
  en: { outer: ['“', '”'], inner: ['‘', '’'] },
} as const

/** The name as it stands between quotation marks: its own become inner ones, «ООО «Ромашка»» is «ООО „Ромашка“». A mark that has no pair stays. */
export const withInner = (name: string, language: Language): string => {
  const [open, close] = marks[language].inner
  return name.replaceAll(/«([^«»]*)»|"([^"]*)"|“([^“”„]*)”|„([^„“”]*)[“”]/gu, (...found: (string | undefined)[]) => `${open}${found.slice(1, 5).find(part => part !== undefined) ?? ''}${close}`)
}

/** The name in quotation marks; one that is wholly in quotation marks keeps a single pair. */
export const inQuotes = (name: string, language: Language): string => {
  const [open, close] = marks[language].outer
  const bare = /^(?:«([^«»]*)»|"([^"]*)"|“([^“”]*)”)$/u.exec(name.trim())?.slice(1).find(part => part !== undefined)
  return `${open}${withInner(bare ?? name, language)}${close}`
}
