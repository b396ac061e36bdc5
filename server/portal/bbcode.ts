/** Texts for places that read BB codes: what people wrote stays text, only our own links and lists are codes. */

/** A zero-width space after a bracket that could open a code: a lead's title must not become a link or a picture. */
export const plain = (text: string): string => text.replace(/\[(?=\/?[a-z*])/gi, '[\u200b')

/** `url` only if it is http(s) or a path of the portal; otherwise just the words. */
export const link = (url: string, words: string): string =>
  /^(?:https?:\/\/|\/)[^\s[\]]*$/i.test(url) ? `[URL=${url}]${plain(words)}[/URL]` : plain(words)

export const list = (items: readonly string[]): string =>
  items.length === 0 ? '' : `[LIST]\n${items.map(item => `[*]${plain(item)}`).join('\n')}\n[/LIST]`
