/** Own calendars, classes of deadlines and quiet hours on single leads. */
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { addWorkingTime, isWorkingTime } from '../../server/domain/calendar.ts'
import { departmentId } from '../../server/domain/lead.ts'
import type { CalendarData, OwnCalendar, QuietHours, Regulation } from '../../server/domain/regulation.ts'
import { calendarOf } from '../../server/domain/rules/calendars.ts'
import { quietUntil } from '../../server/domain/rules/quiet.ts'
import { active, anna, at, boris, carryOut, changeLead, context, inWork, later, look, moment, officeHours, only, passUntil, peopleWith, regulation, secretary, vera, withStep, world } from './support.ts'

const east: CalendarData = { ...officeHours, timeZone: 'Asia/Vladivostok' }
const evening = [{ from: '15:00', to: '22:00' }]
const late: CalendarData = { ...officeHours, week: { 1: evening, 2: evening, 3: evening, 4: evening, 5: evening, 6: evening, 7: [] } }
const own = (...calendars: OwnCalendar[]): Regulation => ({ ...regulation, calendars })
const ofPerson = (userIds: OwnCalendar['userIds'], calendar: CalendarData): OwnCalendar => ({ id: `person-${userIds.join('-')}`, userIds, departmentIds: [], calendar })
const ofSales = (calendar: CalendarData): OwnCalendar => ({ id: 'sales', userIds: [], departmentIds: [departmentId(5)], calendar })
const saturday = '2026-07-25'
const monday = '2026-07-27'

describe('a calendar', () => {
  it('of a person goes before his department’s, that before the regulation’s (issue 3, 5)', () => {
    const company = { regulation: own(ofSales(late), ofPerson([anna], east)), context: context() }
    expect(calendarOf(company, anna)).toBe(east)
    expect(calendarOf(company, boris)).toBe(late)
    expect(calendarOf(company, secretary)).toBe(officeHours)
    expect(calendarOf(company, null)).toBe(officeHours)
  })

  it('of the responsible counts his terms, and the receipt names it (S4-14)', () => {
    const rule = own(ofPerson([anna, boris, vera], late))
    const state = inWork({ regulation: rule, now: at('16:00') })
    expect(active(state).clock).toMatchObject({ dueAt: moment('16:30') })
    expect(only(state.journal, 'set-clock')[0]?.because).toMatchObject({ rule: 'deadline', calendar: 'person-1-2-3' })
    // The common calendar would be over at six.
    expect(active(inWork({ regulation: rule, now: at('21:45') })).clock).toMatchObject({ dueAt: moment('15:15', saturday) })
  })

  it('of the new responsible counts the term once the lead is handed over', () => {
    const state = inWork({ regulation: own(ofPerson([boris], late)), context: context({ people: peopleWith({ 3: { active: false } }) }) })
    const given = look(later(changeLead(state, { responsibleId: boris }), '10:10')).world
    expect(active(state).responsibleId).toBe(anna)
    expect(active(given).clock).toMatchObject({ dueAt: moment('15:30') })
  })

  it('decides who is at work when a lead is distributed (S1-D10)', () => {
    // Noon in Moscow is seven in the evening in Vladivostok: Anna has gone home.
    const state = inWork({ regulation: own(ofPerson([anna], east)), now: at('12:00') })
    expect(active(state).responsibleId).toBe(boris)
    expect(only(state.journal, 'assign')[0]?.because).toMatchObject({ candidates: [{ userId: anna, verdict: 'not-at-work' }, { userId: boris, verdict: 'chosen' }, { userId: vera, verdict: 'not-his-turn' }] })
  })

  it('lets those of the pool take turns when nobody’s working time runs', () => {
    const state = inWork({ regulation: own(ofPerson([anna], east)), now: at('23:00') })
    expect(active(state).chosenId).toBe(anna)
  })

  it('of the responsible tells a late discovery of ours from his own miss', () => {
    const rule = own(ofPerson([anna, boris, vera], late))
    const state = inWork({ regulation: rule, now: at('21:00') })
    // Due at 21:30; 11:00 the next day is half an hour of his working time later, though many hours of the common one.
    const found = look({ ...state, now: at('11:00', saturday) })
    expect(only(found.commands, 'open-incident')[0]).toMatchObject({ dueAt: moment('21:30'), systemDelay: false })
    expect(only(look({ ...state, now: at('15:30', saturday) }).commands, 'open-incident')[0]).toMatchObject({ systemDelay: true })
  })

  it('works on a moved day of every year, but not where that day is a holiday this year', () => {
    const calendar = { ...officeHours, workdays: ['07-25'] }
    expect(isWorkingTime(calendar, at('10:00', saturday))).toBe(true)
    expect(isWorkingTime({ ...calendar, holidays: [saturday] }, at('10:00', saturday))).toBe(false)
    expect(isWorkingTime({ ...calendar, holidays: ['07-25'] }, at('10:00', saturday))).toBe(true)
  })

  it('without any working time gives no term and no endless loop', () => {
    const never: CalendarData = { ...officeHours, week: { 1: [], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [] } }
    expect(addWorkingTime(never, at('10:00'), 'PT1M')).toBeNull()
    expect(active(inWork({ regulation: own(ofPerson([anna, boris, vera], never)) })).clock.kind).toBe('none')
  })
})

describe('a class of deadlines', () => {
  const channel = { id: 'site', name: { ru: 'Сайт' }, sources: ['WEB'], isLeadSource: true, handledBy: null, detail: null, reasonRequired: false, deadlineClass: 'hot' }
  const step = regulation.steps.find(({ id }) => id === 'in-work')
  const hot: Regulation = { ...withStep({ deadline: step === undefined || step.deadline === null ? null : { ...step.deadline, classes: { hot: { firstContact: { phone: 'PT5M' }, finish: 'PT1H' } } } }), channels: [channel] }

  it('of the lead’s channel has its own spans; what it does not say stays (product, 7)', () => {
    expect(active(inWork({ regulation: hot })).clock).toMatchObject({ dueAt: moment('10:05') })
    expect(only(inWork({ regulation: hot }).journal, 'set-clock')[0]?.because).toMatchObject({ deadlineClass: 'hot', span: 'PT5M', spans: { phone: 'PT5M', email: step?.deadline?.firstContact.email } })
  })

  it('of another channel changes nothing', () => {
    expect(active(inWork({ regulation: { ...hot, channels: [{ ...channel, deadlineClass: 'cold' }] } })).clock).toMatchObject({ dueAt: moment('10:30') })
  })
})

describe('a lead that waits', () => {
  const waiting = () => {
    const state = inWork()
    return { ...state, watch: { ...active(state), step: { waiting: { until: moment('12:00', monday), since: moment('10:00'), remainingMs: null } } } }
  }

  it('is not due before its date (S3-24)', () => {
    const state = passUntil({ ...waiting(), outbox: [] }, at('11:00', monday))
    expect(only(state.journal, 'open-incident')).toEqual([])
    expect(only(state.journal, 'notify').filter(({ about }) => about === 'reminder' || about === 'missed')).toEqual([])
  })

  it('is looked at on its date at the latest', () => {
    const wake = only(look({ ...waiting(), now: at('11:30', monday) }).commands, 'wake-at')[0]
    expect(wake?.at).toBe(moment('12:00', monday))
  })
})

describe('quiet hours', () => {
  const night: QuietHours = { from: '20:00', to: '08:00', daysOff: false }
  const until = (quiet: QuietHours, time: string, date?: string, calendar = officeHours) => {
    const end = quietUntil(quiet, calendar, at(time, date).epochMilliseconds)
    return end === null ? null : Temporal.Instant.fromEpochMilliseconds(end).toString()
  }

  it('last over midnight, from their beginning to their end', () => {
    expect(until(night, '19:59')).toBeNull()
    expect(until(night, '20:00')).toBe(moment('08:00', saturday))
    expect(until(night, '03:00')).toBe(moment('08:00'))
    expect(until(night, '08:00')).toBeNull()
  })

  it('last over days off where that is wanted', () => {
    expect(until({ ...night, daysOff: true }, '21:00')).toBe(moment('08:00', monday))
    expect(until({ ...night, daysOff: true }, '12:00', saturday)).toBe(moment('08:00', monday))
    expect(until(night, '12:00', saturday)).toBeNull()
    expect(until({ ...night, daysOff: true }, '12:00', saturday, { ...officeHours, workdays: [saturday] })).toBeNull()
  })

  it('hold a message for a night at most where nobody ever works', () => {
    const never: CalendarData = { ...officeHours, week: { 1: [], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [] } }
    expect(until({ ...night, daysOff: true }, '21:00', undefined, never)).toBe(moment('08:00', saturday))
    expect(until({ ...night, daysOff: true }, '12:00', undefined, never)).toBeNull()
  })

  it('hold the message and not the evaluation (product: escalation due at night)', () => {
    const rule: Regulation = { ...regulation, quietHours: { from: '10:15', to: '12:00', daysOff: false } }
    const state = passUntil(inWork({ regulation: rule, context: context({ people: peopleWith({ 2: { absent: true }, 3: { absent: true } }) }) }), at('10:40'))
    expect(only(state.journal, 'open-incident')[0]).toMatchObject({ noticedAt: moment('10:30') })
    expect(only(state.journal, 'notify').find(({ about }) => about === 'missed')).toMatchObject({ notBefore: moment('12:00') })
  })

  it('are those of whoever gets the message', () => {
    const rule: Regulation = { ...own(ofPerson([anna, boris, vera], east)), quietHours: { from: '18:00', to: '09:00', daysOff: false } }
    // Half past twelve in Moscow is half past seven in Vladivostok.
    expect(only(look(world({ regulation: rule, now: at('12:30') })).commands, 'notify').find(({ about }) => about === 'assigned')).toMatchObject({ notBefore: moment('02:00', saturday) })
    expect(only(look(world({ regulation: own(), now: at('12:30') })).commands, 'notify')[0]?.notBefore).toBeUndefined()
  })

  it('let a miss count from its delivery only (S4-19)', () => {
    const rule: Regulation = { ...regulation, quietHours: { from: '10:15', to: '12:00', daysOff: false } }
    const state = passUntil(inWork({ regulation: rule, context: context({ people: peopleWith({ 2: { absent: true }, 3: { absent: true } }) }) }), at('11:59'))
    expect(state.context.misses[anna] ?? []).toEqual([])
    expect(carryOut({ ...state, now: at('12:01') }).context.misses[anna]?.[0]).toMatchObject({ deliveredAt: at('12:01').toString() })
  })
})
