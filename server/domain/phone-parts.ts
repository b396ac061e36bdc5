/** Phones as people type them: several in one field, each with an extension maybe. */

const mark = '(?:доб(?:авочный|ав)?|внутр(?:енний)?|вн|ext(?:ension)?|x|#)[\\s.:=№]*(\\d{1,7})'
const extensionMark = new RegExp(`[\\s(]*${mark}[\\s)]*$`, 'iu')
/** A separator before an extension parts nothing. */
const detached = new RegExp(`[,;/]\\s*(?=${mark})`, 'giu')

/** The phones of one field, as they were typed: parted by `,` `;` `/` `|` or a new line. */
export const phonesIn = (field: string): readonly string[] =>
  field.replace(detached, ' ').split(/[,;/|\r\n]+/u).map(part => part.trim()).filter(part => part !== '')

/** The number as it was typed, and the digits of the extension behind it. */
export const splitExtension = (phone: string): { readonly number: string; readonly extension: string | null } => {
  const found = extensionMark.exec(phone)
  return found === null ? { number: phone, extension: null } : { number: phone.slice(0, found.index), extension: found[1] ?? null }
}
