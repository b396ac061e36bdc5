/** What people do on the cards of deals, contacts and companies, with the portal's conversion, and in the dialogue of a call. */
import { mayAdd, mayChange, mayDelete } from '../methods/rights.ts'
import type { CrmItem, EntityTypeId } from '../rows.ts'
import { itemsOf } from '../state.ts'
import type { Deed, Told } from './deeds.ts'
import { stagesOfItem } from './view.ts'

const text = (form: URLSearchParams, name: string): string => (form.get(name) ?? '').trim()

const itemOf = ({ portal, form }: Deed): CrmItem => {
  const type = Number(form.get('type'))
  const item = type === 1 || type === 2 || type === 3 || type === 4 ? itemsOf(portal.state, type).get(Number(form.get('item'))) : undefined
  if (item === undefined) throw new Error('Такого элемента CRM нет.')
  return item
}

const changeable = (deed: Deed): CrmItem => {
  const item = itemOf(deed)
  if (!mayChange({ state: deed.portal.state, user: deed.user }, item)) throw new Error('У вас нет права менять этот элемент.')
  return item
}

const editItem = (deed: Deed): Told => {
  const item = changeable(deed)
  const { form } = deed
  const given = ['title', 'name', 'lastName', 'post', 'comments'].filter(name => form.has(name)).map(name => [name, text(form, name)] as const)
  deed.portal.act.updateItem(item.entityTypeId, item.id, {
    ...Object.fromEntries(given), ...(form.has('opportunity') ? { opportunity: Number(form.get('opportunity')) || 0 } : {}),
    ...(text(form, 'phone') === '' ? {} : { phone: text(form, 'phone') }), ...(text(form, 'email') === '' ? {} : { email: text(form, 'email') }),
  }, deed.user.id)
  return { said: 'Сохранено' }
}

const moveDeal = (deed: Deed): Told => {
  const deal = changeable(deed)
  const stageId = text(deed.form, 'stage')
  if (!stagesOfItem(deed.portal.state, deal).some(stage => stage.statusId === stageId)) throw new Error('Такой стадии нет.')
  deed.portal.act.updateItem(2, deal.id, { stageId }, deed.user.id)
  return {}
}

const lists: Readonly<Record<number, string>> = { 2: '/crm/deal/list/', 3: '/crm/contact/list/', 4: '/crm/company/list/' }

const deleteItem = (deed: Deed): Told => {
  const item = itemOf(deed)
  if (!mayDelete({ state: deed.portal.state, user: deed.user }, item)) throw new Error('У вас нет права удалять этот элемент.')
  deed.portal.act.deleteItem(item.entityTypeId, item.id, deed.user.id)
  return { said: 'Удалено', go: lists[item.entityTypeId] ?? '/crm/lead/kanban/' }
}

const types = { deal: 2, contact: 3, company: 4 } as const satisfies Record<string, EntityTypeId>

const convert = ({ portal, user, form }: Deed): Told => {
  const lead = portal.state.leads.get(Number(form.get('lead')))
  const look = { state: portal.state, user }
  if (lead === undefined || !mayChange(look, lead)) throw new Error('У вас нет права менять этот лид.')
  if (lead.stageSemanticId !== 'P') throw new Error('Лид уже закрыт.')
  const wanted = (Object.keys(types) as (keyof typeof types)[]).filter(name => form.get(name) === 'Y')
  if (wanted.length === 0) throw new Error('Выберите, что создать.')
  for (const name of wanted) if (!mayAdd(look, types[name])) throw new Error('У вас нет права создавать такие элементы.')
  const made = portal.act.convertNatively(lead.id, Object.fromEntries(wanted.map(name => [name, name === 'deal' ? { categoryId: Number(form.get('category') ?? 0) } : true])), user.id)
  const first = made.deal ?? made.company ?? made.contact
  return { said: 'Лид сконвертирован', ...(made.deal === null || first === null ? {} : { open: `/crm/deal/details/${made.deal.id}/` }) }
}

/** The dialled call is over: it becomes a call of the lead it was dialled from, or of the latest lead with that number. */
const finishCall = ({ portal, user, form }: Deed): Told => {
  const dialling = portal.state.diallings.find(one => one.id === Number(form.get('dialling')) && one.userId === user.id)
  if (dialling === undefined) throw new Error('Такого звонка нет.')
  const digits = (value: string): string => value.replace(/\D/g, '').replace(/^8(\d{10})$/, '7$1')
  const lead = portal.state.leads.get(dialling.leadId ?? 0)
    ?? [...portal.state.leads.values()].reverse().find(one => one.fm.some(entry => entry.typeId === 'PHONE' && digits(entry.value) === digits(dialling.phone)))
  if (lead === undefined || dialling.phone === '') return { said: 'Звонок закончен' }
  const failedCode = text(form, 'failedCode') || '200'
  portal.act.call({ leadId: lead.id, userId: user.id, direction: 'outgoing', phone: dialling.phone, failedCode, durationSeconds: failedCode === '200' ? Number(form.get('durationSeconds')) || 95 : 0 })
  return { said: failedCode === '200' ? 'Разговор состоялся' : 'Дозвониться не удалось' }
}

export const salesDeeds: Readonly<Record<string, (deed: Deed) => Told>> = {
  'edit-item': editItem,
  'move-deal': moveDeal,
  'delete-item': deleteItem,
  'comment-item': (deed) => {
    const item = itemOf(deed)
    deed.portal.act.commentOn(item.entityTypeId, item.id, text(deed.form, 'text'), deed.user.id)
    return {}
  },
  convert,
  'finish-call': finishCall,
}
