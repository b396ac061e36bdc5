/** A regulation and a lead, as small as the tests allow. */
import { Temporal } from 'temporal-polyfill'
import { departmentId, fieldName, leadId, stageId, userId, type Lead } from '../../server/domain/lead.ts'
import { currentSchema, type Regulation } from '../../server/domain/regulation.ts'
import { ordinary, ordinaryDistribution, ordinaryPool } from '../../server/domain/regulation/defaults.ts'

export const fields = {
  product: fieldName('UF_CRM_LR_PRODUCT'), length: fieldName('UF_CRM_LR_LENGTH'), budget: fieldName('UF_CRM_LR_BUDGET'), extras: fieldName('UF_CRM_LR_EXTRAS'),
  measure: fieldName('UF_CRM_LR_MEASURE'), date: fieldName('UF_CRM_LR_DATE'), phone: fieldName('UF_CRM_LR_PHONE'), comment: fieldName('UF_CRM_LR_COMMENT'),
  result: fieldName('UF_CRM_LR_RESULT'), next: fieldName('UF_CRM_LR_NEXT'), reason: fieldName('UF_CRM_LR_REASON'), unknown: fieldName('UF_CRM_LR_UNKNOWN'),
}

const question = { script: { ru: 'Скажите, пожалуйста…' }, class: 'key', required: true, unknownAllowed: true, options: [] } as const

export const regulation: Regulation = {
  ...ordinary,
  schema: currentSchema,
  name: { ru: 'Столешницы на заказ', en: 'Worktops to order' },
  distribution: {
    ...ordinaryDistribution, defaultPoolId: 'main', fallbackUserId: userId(1),
    pools: [{ ...ordinaryPool, id: 'main', name: { ru: 'Группа' }, members: { kind: 'department', departmentId: departmentId(3), withHead: false } }],
  },
  steps: [{
    id: 'in-work', name: { ru: 'Взят в работу', en: 'Taken to work' }, stageId: stageId('IN_PROCESS'), kind: 'work', exit: { ru: 'Заполните карточку' },
    guidance: { ru: 'Позвоните клиенту' }, videoUrl: null, situations: [], followUp: null, card: { groups: [], closing: true }, gate: null, leave: { done: null, notQualified: null },
    deadline: { firstContact: { phone: 'PT30M', messenger: 'PT1H', email: 'PT4H', nothing: 'PT8H' }, finish: 'PT4H', again: 'PT2H' },
  }],
  card: {
    groups: [{ id: 'product', title: { ru: 'Продукт', en: 'Product' }, questions: [
      { ...question, code: 'PRODUCT', field: fields.product, title: { ru: 'Материал', en: 'Material' }, kind: 'list', options: [
        { code: 'STONE', title: { ru: 'Камень', en: 'Stone' }, value: '41' }, { code: 'WOOD', title: { ru: 'Дерево', en: 'Wood' }, value: '42' }] },
      { ...question, code: 'LENGTH', field: fields.length, title: { ru: 'Длина' }, kind: 'number', required: false },
      { ...question, code: 'BUDGET', field: fields.budget, title: { ru: 'Бюджет' }, kind: 'money', required: false },
      { ...question, code: 'EXTRAS', field: fields.extras, title: { ru: 'Вырезы' }, kind: 'multilist', required: false, options: [
        { code: 'SINK', title: { ru: 'Под мойку' }, value: '51' }, { code: 'HOB', title: { ru: 'Под плиту' }, value: '52' }] },
      { ...question, code: 'MEASURE', field: fields.measure, title: { ru: 'Нужен замер' }, kind: 'yesno', unknownAllowed: false },
      { ...question, code: 'DATE', field: fields.date, title: { ru: 'Когда нужна' }, kind: 'date', required: false },
      { ...question, code: 'PHONE', field: fields.phone, title: { ru: 'Телефон' }, kind: 'phone', required: false },
    ] }],
    comment: { field: fields.comment, required: true, title: { ru: 'Пожелания' } },
    result: { field: fields.result, title: { ru: 'Результат' }, values: { qualified: '61', notQualified: '62', postponed: null } },
    postponedUntil: null,
    nextStep: { field: fields.next, title: { ru: 'Следующий шаг' }, options: [{ code: 'MEASURING', title: { ru: 'Замер' }, value: '71' }] },
    reason: { field: fields.reason, title: { ru: 'Причина' }, options: [{ code: 'PRICE', title: { ru: 'Дорого' }, value: '81' }] },
    unknown: { field: fields.unknown },
  },
}

const at = (text: string) => Temporal.Instant.from(text)

export const lead: Lead = {
  id: leadId(42), title: 'Столешница для кухни', clientName: 'Ольга', companyTitle: '', stageId: stageId('IN_PROCESS'), semantic: 'processing', responsibleId: userId(7),
  createdById: userId(1), sourceId: 'WEB', createdAt: at('2026-03-10T08:00:00Z'), updatedAt: at('2026-03-10T08:00:00Z'), movedAt: null,
  contact: { phones: ['+79000000001'], emails: [], messengers: [] },
  fields: { [fields.product]: 41, [fields.budget]: '1500|RUB', [fields.unknown]: ['LENGTH'], [fields.extras]: [], [fields.measure]: null, [fields.comment]: '' },
  activities: [], followUps: [],
}
