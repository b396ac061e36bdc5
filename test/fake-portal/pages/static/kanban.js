/** Dragging cards between columns; every card also has a select for those who do not drag. */
const cardOf = target => (target instanceof Element ? target.closest('[data-card]') : null)
const columnOf = target => (target instanceof Element ? target.closest('[data-stage]') : null)

export const listenToBoard = (send) => {
  let dragged = null
  document.addEventListener('dragstart', (event) => {
    dragged = cardOf(event.target)
    if (dragged === null) return
    event.dataTransfer.effectAllowed = 'move'
    event.dataTransfer.setData('text/plain', dragged.dataset.card)
    dragged.classList.add('dragged')
  })
  document.addEventListener('dragover', (event) => {
    const column = dragged === null ? null : columnOf(event.target)
    if (column === null) return
    event.preventDefault()
    for (const other of document.querySelectorAll('.column.target')) if (other !== column) other.classList.remove('target')
    column.classList.add('target')
  })
  document.addEventListener('dragend', () => {
    dragged?.classList.remove('dragged')
    dragged = null
    for (const column of document.querySelectorAll('.column.target')) column.classList.remove('target')
  })
  document.addEventListener('drop', (event) => {
    const column = dragged === null ? null : columnOf(event.target)
    if (column === null) return
    event.preventDefault()
    const select = dragged.querySelector('select[name=stage]')
    if (select === null || select.value === column.dataset.stage) return
    select.value = column.dataset.stage
    column.querySelector('.cards')?.prepend(dragged)
    void send(select.form, null)
  })
}
