import type { Department, Status, User } from '../rows.ts'
import type { Character } from './characters.ts'

/** Director, head of sales, five managers with their characters, fitters: everybody is invented. */
export interface Employee {
  readonly id: number
  readonly name: string
  readonly lastName: string
  readonly secondName: string
  readonly workPosition: string
  readonly departmentId: number
  readonly gender: 'M' | 'F'
  readonly isAdmin?: boolean
  readonly character?: Character
  /** When the working day begins and ends for this person, as `HH:MM`. */
  readonly day: readonly [string, string]
}

/** The root department is called as the company, as in every portal. */
export const departments: readonly Department[] = [
  { id: 1, name: 'Каменный берег', sort: 100, parentId: null, headId: 2 },
  { id: 2, name: 'Отдел продаж', sort: 300, parentId: 4, headId: 3 },
  { id: 3, name: 'Монтаж', sort: 400, parentId: 4, headId: 9 },
  { id: 4, name: 'Дирекция', sort: 200, parentId: 1, headId: 2 },
]

export const employees: readonly Employee[] = [
  { id: 1, name: 'Вера', lastName: 'Астахова', secondName: 'Ильинична', workPosition: 'Администратор портала', departmentId: 4, gender: 'F', isAdmin: true, day: ['08:55', '18:05'] },
  { id: 2, name: 'Борис', lastName: 'Лагунов', secondName: 'Сергеевич', workPosition: 'Генеральный директор', departmentId: 4, gender: 'M', isAdmin: true, day: ['09:00', '18:30'] },
  { id: 3, name: 'Марина', lastName: 'Светлова', secondName: 'Андреевна', workPosition: 'Руководитель отдела продаж', departmentId: 2, gender: 'F', day: ['08:50', '18:20'] },
  { id: 4, name: 'Антон', lastName: 'Ручьёв', secondName: 'Павлович', workPosition: 'Менеджер по продажам', departmentId: 2, gender: 'M', character: 'diligent', day: ['08:54', '18:02'] },
  { id: 5, name: 'Дарья', lastName: 'Кленова', secondName: 'Олеговна', workPosition: 'Менеджер по продажам', departmentId: 2, gender: 'F', character: 'diligent', day: ['08:57', '18:00'] },
  { id: 6, name: 'Игорь', lastName: 'Тропинин', secondName: 'Викторович', workPosition: 'Менеджер по продажам', departmentId: 2, gender: 'M', character: 'slow', day: ['09:12', '18:10'] },
  { id: 7, name: 'Полина', lastName: 'Зорина', secondName: 'Максимовна', workPosition: 'Менеджер по продажам', departmentId: 2, gender: 'F', character: 'diligent', day: ['08:58', '18:04'] },
  { id: 8, name: 'Кирилл', lastName: 'Забродин', secondName: 'Юрьевич', workPosition: 'Менеджер по продажам', departmentId: 2, gender: 'M', character: 'forgetful', day: ['08:59', '18:00'] },
  { id: 9, name: 'Степан', lastName: 'Мостовой', secondName: 'Игоревич', workPosition: 'Бригадир монтажников', departmentId: 3, gender: 'M', day: ['08:30', '17:40'] },
  { id: 10, name: 'Юрий', lastName: 'Плотников', secondName: 'Романович', workPosition: 'Замерщик', departmentId: 3, gender: 'M', day: ['08:40', '17:50'] },
]

/** An employee as the portal stores him. */
export const userOf = (employee: Employee, timeZone: string, at: string): User => ({
  id: employee.id, active: true, name: employee.name, lastName: employee.lastName, secondName: employee.secondName,
  email: `user${employee.id}@example.com`, workPosition: employee.workPosition, personalPhone: `+7 900 000-10-${String(employee.id).padStart(2, '0')}`,
  gender: employee.gender, photo: '', departments: [employee.departmentId], isAdmin: employee.isAdmin ?? false, hasAppAccess: true, timeZone,
  isOnline: true, lastActivityAt: at, registeredAt: at, userType: 'employee',
})

type Stage = Pick<Status, 'statusId' | 'name' | 'color' | 'semantics'>

export const stages: readonly Stage[] = [
  { statusId: 'NEW', name: 'Новый лид', color: '#47a9f0', semantics: null },
  { statusId: 'IN_PROCESS', name: 'Взят в работу', color: '#55c7ea', semantics: null },
  { statusId: 'PROCESSED', name: 'Квалификация пройдена', color: '#6fd6c9', semantics: null },
  { statusId: 'CONVERTED', name: 'Качественный лид', color: '#8bd45f', semantics: 'S' },
  { statusId: 'JUNK', name: 'Некачественный лид', color: '#ff8a80', semantics: 'F' },
]

export const sources: readonly Pick<Status, 'statusId' | 'name'>[] = [
  { statusId: 'WEB', name: 'Сайт' },
  { statusId: 'WEBFORM', name: 'CRM-форма' },
  { statusId: 'CALL', name: 'Звонок' },
  { statusId: 'EMAIL', name: 'Электронная почта' },
  { statusId: 'MESSENGER', name: 'Мессенджер' },
  { statusId: 'ADVERTISING', name: 'Реклама' },
  { statusId: 'TRADE_SHOW', name: 'Выставка' },
  { statusId: 'PARTNER', name: 'Партнёр или дизайнер' },
  { statusId: 'RECOMMENDATION', name: 'Рекомендация' },
  { statusId: 'REPEAT_SALE', name: 'Повторное обращение' },
  { statusId: 'OTHER', name: 'Другое' },
]
