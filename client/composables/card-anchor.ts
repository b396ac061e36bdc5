/** Id of the element that holds a question or a closing field of the card. */
export const anchorOf = (key: string): string => `card-${key.replace(/[^\w-]/g, '_')}`

/** Brings a question into sight and puts the focus into its first control. */
export const goToAnswer = (key: string): void => {
  const place = document.getElementById(anchorOf(key))
  place?.scrollIntoView({ block: 'center' })
  place?.querySelector<HTMLElement>('input, textarea, select')?.focus({ preventScroll: true })
}
