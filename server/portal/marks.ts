/**
 * Where the mark of a command stands on the portal, so that a repeat after an unknown outcome finds the first effect:
 * tasks carry it in XML_ID, to-dos in the last line of their description, notifications in TAG.
 */
const prefix = 'leadrail:'

export const toXmlId = (mark: string): string => `${prefix}${mark}`

export const markOfXmlId = (xmlId: string): string | null => (xmlId.startsWith(prefix) && xmlId.length > prefix.length ? xmlId.slice(prefix.length) : null)

export const withMark = (text: string, mark: string): string => `${text}${text === '' ? '' : '\n\n'}— ${prefix}${mark}`

/** The mark in the last line; a portal may have put markup around it. */
export const markOfText = (text: string): string | null => {
  const place = text.lastIndexOf(`— ${prefix}`)
  if (place < 0) return null
  const mark = /^[\w.:-]+/.exec(text.slice(place + 2 + prefix.length))?.[0]
  return mark ?? null
}

/** What stands before the mark, without blanks around it. */
export const withoutMark = (text: string): string => {
  const place = text.lastIndexOf(`— ${prefix}`)
  return (place < 0 ? text : text.slice(0, place)).trim()
}

export const toTag = (mark: string): string => `${prefix}${mark}`
