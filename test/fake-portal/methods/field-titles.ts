import type { EntityTypeId } from '../rows.ts'

/** Titles of the portal's own fields as its users read them; the pages show them in their examples of `crm.item.fields` only in part. */
const titles: Readonly<Record<string, readonly [ru: string, en: string]>> = {
  id: ['ID', 'ID'], title: ['Название', 'Name'], honorific: ['Обращение', 'Salutation'], name: ['Имя', 'First name'], secondName: ['Отчество', 'Second name'], lastName: ['Фамилия', 'Last name'],
  birthdate: ['Дата рождения', 'Date of birth'], post: ['Должность', 'Position'], companyTitle: ['Название компании', 'Company name'], address: ['Адрес', 'Address'],
  typeId: ['Тип', 'Type'], stageId: ['Стадия', 'Stage'], stageSemanticId: ['Группа стадии', 'Stage group'], statusDescription: ['Дополнительно о стадии', 'More about the stage'], categoryId: ['Воронка', 'Pipeline'],
  sourceId: ['Источник', 'Source'], sourceDescription: ['Дополнительно об источнике', 'Source information'], comments: ['Комментарий', 'Comment'],
  opportunity: ['Сумма', 'Amount'], currencyId: ['Валюта', 'Currency'], isManualOpportunity: ['Сумма задана вручную', 'The amount was set by hand'], taxValue: ['Сумма налога', 'Tax amount'], probability: ['Вероятность', 'Probability'],
  assignedById: ['Ответственный', 'Responsible person'], observers: ['Наблюдатели', 'Observers'], opened: ['Доступен для всех', 'Available to everyone'], createdBy: ['Кем создан', 'Created by'], updatedBy: ['Кем изменён', 'Modified by'], movedBy: ['Кем передвинут', 'Moved by'],
  createdTime: ['Дата создания', 'Created on'], updatedTime: ['Дата изменения', 'Modified on'], movedTime: ['Дата смены стадии', 'Moved on'], dateClosed: ['Дата завершения', 'Completed on'], begindate: ['Дата начала', 'Start date'], closedate: ['Предполагаемая дата закрытия', 'Estimated closing date'],
  companyId: ['Компания', 'Company'], companyIds: ['Компании', 'Companies'], contactId: ['Контакт', 'Contact'], contactIds: ['Контакты', 'Contacts'], leadId: ['Лид', 'Lead'], phone: ['Телефон', 'Phone'], email: ['E-mail', 'E-mail'], web: ['Сайт', 'Site'], im: ['Мессенджер', 'Messenger'],
  originatorId: ['Внешний источник', 'External source'], originId: ['ID во внешнем источнике', 'Item ID in the source'], industry: ['Сфера деятельности', 'Industry'], employees: ['Число сотрудников', 'Employees'], revenue: ['Годовой оборот', 'Annual income'],
  utmSource: ['UTM Source', 'UTM Source'], utmMedium: ['UTM Medium', 'UTM Medium'], utmCampaign: ['UTM Campaign', 'UTM Campaign'], utmContent: ['UTM Content', 'UTM Content'], utmTerm: ['UTM Term', 'UTM Term'],
}

/** A lead's and a company's title are called otherwise than a deal's. */
const own: Partial<Readonly<Record<EntityTypeId, Readonly<Record<string, readonly [ru: string, en: string]>>>>> = {
  1: { title: ['Название лида', 'Lead name'], typeId: ['Тип лида', 'Lead type'] },
  2: { typeId: ['Тип сделки', 'Deal type'] },
  3: { typeId: ['Тип контакта', 'Contact type'] },
  4: { title: ['Название компании', 'Company name'], typeId: ['Тип компании', 'Company type'] },
}

/** The field's own name where nobody reads its title. */
export const titleOfField = (entityTypeId: EntityTypeId, name: string, language: string): string => {
  const words = own[entityTypeId]?.[name] ?? titles[name]
  return words === undefined ? name : words[language === 'ru' ? 0 : 1]
}
