/** The portal's own dialogues for choosing people and CRM items. */
const list = async (what, query) => (await fetch(`/emulator/pick/${what}?${query}`)).json()

const choose = (heading, items, multiple) =>
  new Promise((resolve) => {
    const dialog = document.createElement('dialog')
    dialog.className = 'picker'
    dialog.dataset.keep = ''
    const form = document.createElement('form')
    form.method = 'dialog'
    const title = Object.assign(document.createElement('h2'), { textContent: heading })
    const options = document.createElement('div')
    options.className = 'picker-list'
    for (const [index, item] of items.entries()) {
      const label = document.createElement('label')
      const input = Object.assign(document.createElement('input'), { type: multiple ? 'checkbox' : 'radio', name: 'pick', value: String(index) })
      label.append(input, ` ${item.label}`)
      options.append(label)
    }
    if (items.length === 0) options.textContent = 'Ничего не найдено'
    const buttons = document.createElement('p')
    buttons.className = 'buttons'
    buttons.append(
      Object.assign(document.createElement('button'), { className: 'button primary', value: 'ok', textContent: 'Выбрать' }),
      Object.assign(document.createElement('button'), { className: 'button', value: '', textContent: 'Отмена' }),
    )
    form.append(title, options, buttons)
    dialog.append(form)
    document.body.append(dialog)
    dialog.addEventListener('close', () => {
      const chosen = dialog.returnValue === 'ok' ? [...form.querySelectorAll('input:checked')].map(input => items[Number(input.value)].value) : []
      dialog.remove()
      resolve(chosen)
    })
    dialog.showModal()
  })

/** One person, or a list of people; null when none was chosen and one was asked for. */
export const pickUsers = async (multiple) => {
  const users = await list('users', '')
  const chosen = await choose(multiple ? 'Выберите сотрудников' : 'Выберите сотрудника', users, multiple)
  return multiple ? chosen : chosen[0] ?? null
}

/** CRM items by type, each bucket as an object with numeric keys, as the portal gives them. */
export const pickCrm = async (types, multiple) => {
  const items = await list('crm', new URLSearchParams({ types: [types].flat().join(',') }))
  const chosen = await choose('Выберите элемент CRM', items, multiple)
  const buckets = {}
  for (const item of chosen) {
    const bucket = (buckets[item.type] ??= {})
    bucket[Object.keys(bucket).length] = item
  }
  return buckets
}
