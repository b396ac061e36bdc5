/** Robots and triggers for the portal's own automation: added once, brought up to date on every set-up. */
import type { TriggerCode } from '../domain/command.ts'
import type { RobotKind, robotValues } from '../domain/robots.ts'
import type { Portal } from './portal.ts'
import { type Call, type Outcome, rowsOf, textOf } from './rows.ts'

interface Words {
  readonly ru: string
  readonly en: string
}

interface Robot<Kind extends RobotKind> {
  readonly name: Words
  readonly description: Words
  readonly returns: Readonly<Record<(typeof robotValues)[Kind][number], { readonly name: Words; readonly type: 'string' | 'text' | 'int' | 'datetime' | 'user' }>>
}

const robots: { readonly [Kind in RobotKind]: Robot<Kind> } = {
  'check-card': {
    name: { ru: 'Проверить карточку квалификации', en: 'Check the qualification card' },
    description: { ru: 'Leadrail проверит, на все ли обязательные вопросы есть ответы.', en: 'Leadrail checks whether every obligatory question has an answer.' },
    returns: {
      complete: { name: { ru: 'Заполнена (Y/N)', en: 'Complete (Y/N)' }, type: 'string' },
      missing: { name: { ru: 'Сколько ответов не хватает', en: 'Number of missing answers' }, type: 'int' },
      titles: { name: { ru: 'Чего не хватает', en: 'What is missing' }, type: 'text' },
      result: { name: { ru: 'Результат квалификации', en: 'Result of the qualification' }, type: 'string' },
    },
  },
  'start-deadline': {
    name: { ru: 'Запустить срок', en: 'Start the deadline' },
    description: { ru: 'Leadrail запустит срок шага заново, от этой минуты.', en: 'Leadrail starts the step’s deadline anew, from this minute on.' },
    returns: { dueAt: { name: { ru: 'Срок', en: 'Deadline' }, type: 'string' } },
  },
  'distribute': {
    name: { ru: 'Распределить лид', en: 'Distribute the lead' },
    description: { ru: 'Leadrail выберет ответственного по правилам регламента.', en: 'Leadrail chooses the responsible person by the rules of the regulation.' },
    returns: { responsibleId: { name: { ru: 'Ответственный', en: 'Responsible person' }, type: 'int' } },
  },
}

const triggers: Readonly<Record<TriggerCode, Words>> = {
  'deadline-missed': { ru: 'Leadrail: срок пропущен', en: 'Leadrail: deadline missed' },
  'card-complete': { ru: 'Leadrail: карточка заполнена', en: 'Leadrail: card complete' },
  'qualified': { ru: 'Leadrail: квалификация пройдена', en: 'Leadrail: lead qualified' },
}

/** CODE of a trigger: unique within the application (crm-automation-trigger-add.md). */
export const triggerCodeOf = (trigger: TriggerCode): string => trigger

const prefix = 'leadrail.'

/** CODE of a robot (bizproc-robot-add.md), and back. */
export const robotOfCode = (code: string): RobotKind | null => {
  const kind = code.startsWith(prefix) ? code.slice(prefix.length) : ''
  return Object.hasOwn(robots, kind) ? kind as RobotKind : null
}

export interface AutomationReport {
  /** All robots and triggers are there. */
  readonly ok: boolean
  /** Codes of what is missing, or the portal's own words. */
  readonly detail: string | null
  readonly added: number
  /** How every robot is registered now; null: not all of them are confirmed to be. */
  readonly robots: RobotsAt | null
}

/** To be asked before: triggers, then robots. */
export const listAutomation: readonly Call[] = [{ method: 'crm.automation.trigger.list' }, { method: 'bizproc.robot.list' }]

export interface AutomationOptions {
  readonly appUrl: string
  readonly language: 'ru' | 'en'
  /** The scope `bizproc` is granted. */
  readonly hasRobots: boolean
  /** How the robots are known to be registered; null: not known. */
  readonly registered: RobotsAt | null
  /** Whose token they are to bring: an administrator. */
  readonly userId: number | null
  readonly mayWrite: boolean
}

/** Where the portal's robots post to, and whose token they bring. */
export interface RobotsAt {
  readonly address: string
  readonly userId: number
}

/**
 * Nothing of the regulation depends on it, so it never fails: a portal without the scope or a plan with automation is
 * told of. `robot.list` names codes only (bizproc-robot-list.md): until every robot is confirmed to be at our address, known ones are
 * written again.
 */
export const ensureAutomation = async (portal: Portal, listed: readonly (Outcome | undefined)[], { appUrl, language, hasRobots, registered, userId, mayWrite }: AutomationOptions): Promise<AutomationReport> => {
  const [listedTriggers, robotList] = listed
  const isConfirmed = registered?.address === `${appUrl}/robots`
  const wanted = isConfirmed ? registered : userId === null ? null : { address: `${appUrl}/robots`, userId }
  const listedRobots = hasRobots ? robotList : undefined
  const knownTriggers = new Map(listedTriggers?.ok === true ? rowsOf(listedTriggers.result).map(row => [textOf(row['CODE']), textOf(row['NAME'])] as const) : [])
  const knownRobots = new Set(listedRobots?.ok === true && Array.isArray(listedRobots.result) ? listedRobots.result.map(textOf) : [])
  const calls = [
    ...(listedTriggers?.ok === true ? Object.entries(triggers).filter(([code, name]) => knownTriggers.get(code) !== name[language]).map(([code, name]) => ({ code, known: knownTriggers.has(code), call: { method: 'crm.automation.trigger.add', params: { CODE: code, NAME: name[language] } } })) : []),
    ...(listedRobots?.ok === true && wanted !== null ? Object.entries(robots).flatMap(([kind, robot]) => {
      const code = `${prefix}${kind}`
      const known = knownRobots.has(code)
      return known && isConfirmed ? [] : [{ code, known, call: robotCall(code, known, robot, wanted) }]
    }) : []),
  ]
  const outcomes = mayWrite && calls.length > 0 ? await portal.callAll(calls.map(({ call }) => call), { kind: 'write' }) : []
  const isDone = (index: number): boolean => outcomes[index]?.ok === true
  // An old name of a trigger does no harm; a robot at an old address is one that nobody hears.
  const refused = calls.filter(({ known, code }, index) => (!known || code.startsWith(prefix)) && !isDone(index)).map(({ code }) => code)
  const areAll = calls.every(({ code }, index) => !code.startsWith(prefix) || isDone(index))
  const robotsAt = !hasRobots || !areAll ? null : listedRobots?.ok === true ? wanted : registered
  const errors = [listedTriggers, listedRobots, ...outcomes].flatMap(outcome => (outcome === undefined || outcome.ok ? [] : [outcome.error.bitrixMessage || outcome.error.code]))
  const missing = [...(hasRobots ? [] : ['bizproc']), ...refused]
  return { ok: missing.length === 0 && errors.length === 0, detail: [...missing, ...new Set(errors)].join(', ') || null, added: calls.filter(({ known }, index) => !known && isDone(index)).length, robots: robotsAt }
}

const robotCall = (code: string, known: boolean, robot: { readonly name: Words; readonly description: Words; readonly returns: object }, { address, userId }: RobotsAt): Call => {
  const fields = {
    HANDLER: address,
    // Whose token the robot posts: what proves it where it brings no application token (bizproc-robot-add.md).
    AUTH_USER_ID: userId,
    USE_SUBSCRIPTION: 'Y',
    NAME: { ru: robot.name.ru, en: robot.name.en },
    DESCRIPTION: { ru: robot.description.ru, en: robot.description.en },
    RETURN_PROPERTIES: Object.fromEntries(Object.entries(robot.returns as Readonly<Record<string, { readonly name: Words; readonly type: string }>>).map(([name, value]) => [name, { Name: { ru: value.name.ru, en: value.name.en }, Type: value.type, Multiple: 'N' }])),
    FILTER: { INCLUDE: [['crm', 'CCrmDocumentLead']] },
  }
  return known
    ? { method: 'bizproc.robot.update', params: { CODE: code, FIELDS: fields } }
    : { method: 'bizproc.robot.add', params: { CODE: code, ...fields, DOCUMENT_TYPE: ['crm', 'CCrmDocumentLead', 'LEAD'] } }
}
