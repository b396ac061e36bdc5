/** What the installer page says of each check, and of what has been set up. */
import type { InstallReport } from '../contract/install.ts'
import type { Language } from '../contract/session.ts'
import type { Check, CheckId, Done, Ensured } from '../portal/install.ts'

type Words = Readonly<Record<Language, string>>

const titles: Readonly<Record<CheckId, Words>> = {
  'crm-mode': { ru: 'CRM работает с лидами', en: 'CRM works with leads' },
  'scopes': { ru: 'Приложению даны нужные права', en: 'The application has the permissions it needs' },
  'administrator': { ru: 'Установку ведёт администратор', en: 'An administrator is installing' },
  'events': { ru: 'Подписка на события CRM', en: 'Subscription to CRM events' },
  'placements': { ru: 'Вкладка в карточке лида и пункт в левом меню', en: 'Tab in the lead card and item in the left menu' },
  'stages': { ru: 'Стадии лидов', en: 'Lead stages' },
  'sources': { ru: 'Источники лидов', en: 'Sources of leads' },
  'fields': { ru: 'Поля карточки квалификации', en: 'Fields of the qualification card' },
  'department': { ru: 'Отдел, который получает лиды', en: 'Department that receives the leads' },
  'automation': { ru: 'Роботы и триггеры для автоматизации CRM', en: 'Automation rules and triggers for CRM automation' },
  'regulation': { ru: 'Регламент обработки лидов', en: 'Regulation for handling leads' },
}

const helps: Readonly<Record<CheckId, Words>> = {
  'crm-mode': {
    ru: 'Включён простой режим CRM, в нём лидов нет. Откройте «CRM → Настройки → Другое → Режим работы CRM» и выберите «Классическая CRM (с лидами)».',
    en: 'CRM is in simple mode, which has no leads. Open “CRM → Settings → Other → CRM mode” and choose “Classic CRM (with leads)”.',
  },
  'scopes': {
    ru: 'Приложению не хватает прав. Обновите его в Маркете или отметьте недостающие права в карточке локального приложения.',
    en: 'The application lacks permissions. Update it in the Market, or tick the missing permissions in the local application’s card.',
  },
  'administrator': {
    ru: 'Устанавливать может только администратор портала. Попросите его открыть приложение.',
    en: 'Only an administrator of the portal can install. Ask him to open the application.',
  },
  'events': {
    ru: 'Портал не принял подписку на события. Без неё лиды просматриваются только раз в несколько минут. Повторите установку.',
    en: 'The portal did not accept the subscription to events. Without it leads are looked at only every few minutes. Run the set-up again.',
  },
  'placements': {
    ru: 'Портал не добавил вкладку в карточку лида или пункт в левое меню. Повторите установку.',
    en: 'The portal did not add the tab to the lead card or the item to the left menu. Run the set-up again.',
  },
  'stages': {
    ru: 'Не удалось создать недостающие стадии лидов. Проверьте справочник «Статусы» в настройках CRM и повторите установку.',
    en: 'The missing lead stages could not be created. Check the list “Statuses” in the CRM settings and run the set-up again.',
  },
  'sources': {
    ru: 'Не удалось создать недостающие источники лидов. Проверьте справочник «Источники» в настройках CRM и повторите установку.',
    en: 'The missing sources of leads could not be created. Check the list “Sources” in the CRM settings and run the set-up again.',
  },
  'fields': {
    ru: 'Не удалось создать поля карточки. Возможно, поле с таким именем уже есть, но другого типа: переименуйте или удалите его и повторите установку.',
    en: 'The fields of the card could not be created. A field of the same name but of another type may exist: rename or delete it and run the set-up again.',
  },
  'department': {
    ru: 'Не нашлось отдела с сотрудниками. Добавьте сотрудников в структуру компании и повторите установку.',
    en: 'No department with employees was found. Add employees to the company structure and run the set-up again.',
  },
  'automation': {
    ru: 'Роботы или триггеры Leadrail не добавлены: у приложения нет права «bizproc», или на вашем тарифе нет автоматизации. Регламент работает и без них.',
    en: 'Leadrail’s automation rules or triggers were not added: the application lacks the permission “bizproc”, or your plan has no automation. The regulation works without them.',
  },
  'regulation': {
    ru: 'Регламент не опубликован: с ним лиды обрабатывались бы неверно. Исправьте то, что названо ниже, и повторите установку.',
    en: 'The regulation was not published, because leads would be handled wrongly by it. Mend what is named below and run the set-up again.',
  },
}

const doneWords: Readonly<Record<Done['what'], (count: number) => Words>> = {
  events: count => ({ ru: `Подписка на события: ${count}`, en: `Events subscribed to: ${count}` }),
  'lead-tab': () => ({ ru: 'Вкладка «Регламент» в карточке лида', en: 'Tab “Leadrail” in the lead card' }),
  'menu-item': () => ({ ru: 'Пункт «Leadrail» в левом меню', en: 'Item “Leadrail” in the left menu' }),
  stages: count => ({ ru: `Созданы стадии лидов: ${count}`, en: `Lead stages created: ${count}` }),
  sources: count => ({ ru: `Созданы источники лидов: ${count}`, en: `Sources of leads created: ${count}` }),
  automation: count => ({ ru: `Добавлены роботы и триггеры: ${count}`, en: `Automation rules and triggers added: ${count}` }),
  fields: count => ({ ru: `Созданы поля лида: ${count}`, en: `Lead fields created: ${count}` }),
}

/** `published`: number of the regulation's version that has just been published, null when the one in force stays. */
export const installReport = (ensured: Pick<Ensured, 'ok' | 'checks' | 'done'>, published: number | null, language: Language): InstallReport => ({
  ok: ensured.ok,
  checks: ensured.checks.map(check => ({ id: check.id, ok: check.ok, title: titleOf(check, language), help: check.ok ? null : helpOf(check, language) })),
  done: [
    ...ensured.done.map(({ what, count }) => doneWords[what](count)[language]),
    ...(published === null ? [] : [language === 'ru' ? `Регламент опубликован, версия ${published}` : `Regulation published, version ${published}`]),
  ],
  lang: language,
})

/** What only the administrator can mend. The rest we make ourselves, so before the set-up it is not missing. */
const obstacles: readonly CheckId[] = ['crm-mode', 'scopes', 'administrator', 'department']

/** Of a look alone: `ok` when nothing stands in the way of the set-up. */
export const lookReport = ({ checks }: Pick<Ensured, 'checks'>, language: Language): InstallReport => {
  const shown = checks.filter(({ id }) => obstacles.includes(id))
  return installReport({ ok: shown.every(({ ok }) => ok), checks: shown, done: [] }, null, language)
}

const titleOf = ({ id, ok, detail }: Check, language: Language): string =>
  id === 'department' && ok && detail !== null ? `${titles[id][language]}: ${detail}` : titles[id][language]

const helpOf = ({ id, detail }: Check, language: Language): string => {
  const help = helps[id][language]
  if (detail === null || detail === '') return help
  return language === 'ru' ? `${help} Подробности: ${detail}.` : `${help} Details: ${detail}.`
}
