import type { ConversionView } from '../../../server/contract/conversion.ts'

/** Id of the element where a lack is mended: a field, a phone, an object; null is what nothing here mends. */
export const placeOf = (key: string | null): string => `conversion-${(key ?? 'blocked').replace(/[^\w-]/g, sign => `_${sign.charCodeAt(0).toString(16)}_`)}`

/** Brings the place of a lack into sight and the focus into its first control; an object's field without a place of its own leads to its object. */
export const goToPlace = (key: string | null, view: ConversionView): void => {
  const [object = ''] = (key ?? '').split('.')
  const isContactData = /\.(phone|email|web|messenger)$/.test(key ?? '') && view.means.length > 0
  const found = document.getElementById(placeOf(key)) ?? document.getElementById(placeOf(isContactData ? 'means' : object))
  if (found === null) return
  found.closest('details')?.setAttribute('open', '')
  found.scrollIntoView({ block: 'center' })
  const control = found.querySelector<HTMLElement>('input:checked, input:not([type=radio]), textarea, select') ?? found.querySelector<HTMLElement>('input, button, a[href]')
  ;(control ?? found).focus({ preventScroll: true })
}
