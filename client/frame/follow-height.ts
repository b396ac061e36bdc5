/** Below this difference a new height is not worth a message to the portal. */
const worthPixels = 4

/**
 * Tells `resize` the height of `element` whenever it has changed, at most once in `everyMs`, the last change always.
 * Returns the function that stops it.
 */
export const followHeight = (element: HTMLElement, resize: (height: number) => void, everyMs = 120): (() => void) => {
  let told = 0
  let timer: ReturnType<typeof setTimeout> | null = null
  const tell = () => {
    timer = null
    const height = Math.ceil(element.getBoundingClientRect().height)
    if (height === 0 || Math.abs(height - told) < worthPixels) return
    told = height
    resize(height)
  }
  const observer = new ResizeObserver(() => { timer ??= setTimeout(tell, everyMs) })
  observer.observe(element)
  return () => {
    observer.disconnect()
    if (timer !== null) clearTimeout(timer)
  }
}
