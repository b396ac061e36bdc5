/** The dialogue of a call: the number, and how it ended. Its form is a deed like any other, so the page hears of it and refreshes. */
const outcomes = [['200', 'Разговор состоялся'], ['304', 'Не ответили'], ['486', 'Занято']]

const hidden = (name, value) => Object.assign(document.createElement('input'), { type: 'hidden', name, value })

/** Shows the call `{ id, phone, callee }`; several calls replace one another. */
export const showCall = ({ id, phone, callee }) => {
  document.getElementById('call')?.remove()
  const dialog = document.createElement('dialog')
  dialog.id = 'call'
  dialog.className = 'picker'
  dialog.dataset.keep = ''
  dialog.setAttribute('aria-label', 'Звонок')
  const form = document.createElement('form')
  Object.assign(form, { method: 'post', action: '/emulator/act/finish-call' })
  form.dataset.act = ''
  const title = Object.assign(document.createElement('h2'), { textContent: 'Исходящий звонок' })
  const number = Object.assign(document.createElement('p'), { textContent: phone || callee })
  const buttons = document.createElement('p')
  buttons.className = 'buttons'
  for (const [code, label] of phone ? outcomes : [['200', 'Завершить']]) {
    const button = Object.assign(document.createElement('button'), { className: code === '200' ? 'button primary' : 'button', name: 'failedCode', value: code, textContent: label })
    buttons.append(button)
  }
  form.append(hidden('dialling', String(id)), title, number, buttons)
  dialog.append(form)
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}
