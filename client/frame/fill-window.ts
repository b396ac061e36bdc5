/** What the browser and the portal's slider have above and below the frame, in CSS pixels; the frame cannot see it. */
const around = 220
const least = 480

/**
 * Asks once for a frame as tall as a slider of this window, and again when the window changes: such a page scrolls inside it.
 * Returns the function that stops it.
 */
export const fillWindow = (resize: (height: number) => void): (() => void) => {
  let told = 0
  const tell = () => {
    const height = Math.max(least, window.outerHeight - around)
    if (height === told) return
    told = height
    resize(height)
  }
  tell()
  window.addEventListener('resize', tell)
  return () => window.removeEventListener('resize', tell)
}
