/** One polite live region for everything the page has to say. */
let region

const regionOf = () => {
  if (region?.isConnected) return region
  region = document.createElement('div')
  region.className = 'toasts'
  region.setAttribute('role', 'status')
  region.dataset.keep = ''
  document.body.append(region)
  return region
}

/** Shows a line of text for some seconds; `kind` is `news` or `problem`. */
export const announce = (text, kind = 'news') => {
  const line = document.createElement('p')
  line.className = `toast toast-${kind}`
  line.textContent = text
  regionOf().append(line)
  setTimeout(() => line.remove(), kind === 'problem' ? 9000 : 5000)
}
