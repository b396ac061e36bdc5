/** What the preview of publishing says of stages and calendars is what publishing then does. */
import { beforeEach, describe, expect, it } from 'vitest'
import { leadId, stageId } from '../../server/domain/lead.ts'
import type { CalendarData, Regulation } from '../../server/domain/regulation.ts'
import { previewPublishing } from '../../server/jobs/preview-publishing.ts'
import { servePortal } from '../../server/jobs/serve-portal.ts'
import type { Database } from '../../server/store/database.ts'
import { tenantTables } from '../../server/store/portals.ts'
import { publishRegulation } from '../../server/store/regulations.ts'
import { watchOf } from '../../server/store/watches.ts'
import { previewView } from '../../server/http/regulation-view.ts'
import { at, officeHours, regulation, stages, withStep } from '../domain/support.ts'
import { eachDatabase } from '../support/database.ts'
import { ask, firma, makeRoom, type TestRoom } from './support.ts'

const untouched = new AbortController().signal
const talk = stageId('TALK')
const deadline = regulation.steps[1]?.deadline
if (deadline === null || deadline === undefined) throw new Error('the step has no deadline')
const later: CalendarData = { ...officeHours, week: { ...officeHours.week, 5: [{ from: '11:00', to: '18:00' }] } }
const withCalendar = (calendar: CalendarData): Regulation => ({ ...regulation, calendar: { kind: 'own', calendar } })

eachDatabase((_name, open) => {
  let database: Database
  let room: TestRoom

  beforeEach(async () => {
    database ??= await open()
    await database.transaction(async (tx) => {
      for (const table of tenantTables) await tx.deleteFrom(table).execute()
    })
    room = await makeRoom(database)
    room.toy.create(7)
    room.toy.create(8)
    await ask(database, [7, 8])
    await servePortal(room, firma, untouched)
    room.clock.set(at('10:05'))
  })

  const publish = async (document: Regulation): Promise<void> => {
    await database.transaction(tx => publishRegulation(tx, firma, document, at('10:05'), { applies: 'all' }))
    await ask(database, [7, 8])
    await servePortal(room, firma, untouched)
  }
  const watch = () => watchOf(database.db, firma, leadId(7))

  describe('a step on another stage', () => {
    it('keeps the leads that stand on its former one, and the preview counts them', async () => {
      const moved = withStep({ stageId: talk })
      const before = await watch()
      const preview = await previewPublishing(room, firma, moved, 'all')
      expect(preview).toMatchObject({ open: 2, stageKept: 2, stepLost: 0, stepChanged: 0, deadline: 0, leads: [{ leadId: 7, what: 'stage-kept' }, { leadId: 8 }] })
      expect(await previewPublishing(room, firma, moved, 'new')).toMatchObject({ open: 2, stageKept: 0, leads: [] })
      await publish(moved)
      expect(await watch()).toMatchObject({ status: 'active', stepId: 'in-work', regulationVersion: 2, staysOn: stages['in-work'], clock: before.status === 'active' ? before.clock : null })
      expect(room.toy.effects.filter(effect => effect.kind === 'notify' && effect.about === 'step-lost')).toEqual([])
    })

    it('with another span counts its leads as kept and as due at another time', async () => {
      const both = withStep({ stageId: talk, deadline: { ...deadline, firstContact: { phone: 'PT4H', messenger: 'PT4H', email: 'PT8H', nothing: 'PT8H' } } })
      expect(await previewPublishing(room, firma, both, 'all')).toMatchObject({ stageKept: 2, deadline: 2, leads: [{ what: 'deadline', after: at('15:00').toString() }, {}] })
    })

    it('is told to the administrator in words', async () => {
      const moved = withStep({ stageId: talk })
      const result = await previewPublishing(room, firma, moved, 'all')
      const view = (language: 'ru' | 'en') => previewView({ revision: 1, applies: 'all', status: 'done', done: 2, total: 2, result, problem: null }, moved, { timeZone: 'Europe/Moscow', people: {}, stages: {} }, language)
      expect(view('ru')).toMatchObject({ counts: { stageKept: 2, termKept: 0 }, leads: [{ what: 'stage-kept', after: expect.stringContaining('Шаг «Взят в работу» переходит на другую стадию; лид остаётся на этом шаге на своей стадии, пока его не переведут. Срок — ') as string }, {}] })
      expect(view('en').leads[0]?.after).toContain('The step “Taken into work” moves to another stage; the lead stays on it where it stands until it is moved. Due ')
    })
  })

  describe('another calendar', () => {
    it('leaves running terms as they are, and the preview says how many it would have changed', async () => {
      const before = await watch()
      expect(await previewPublishing(room, firma, withCalendar(later), 'all')).toMatchObject({ open: 2, termKept: 2, deadline: 0, overdue: 0, leads: [] })
      await publish(withCalendar(later))
      const adopted = await watch()
      expect(adopted).toMatchObject({ regulationVersion: 2, clock: before.status === 'active' ? before.clock : null })
    })

    it('that gives the same hours, or is the portal’s own, changes none', async () => {
      expect(await previewPublishing(room, firma, withCalendar(officeHours), 'all')).toMatchObject({ open: 2, termKept: 0 })
      expect(await previewPublishing(room, firma, regulation, 'all')).toMatchObject({ open: 2, termKept: 0 })
    })

    it('with another span counts the term anew, and it is no kept one', async () => {
      const both = { ...withCalendar(later), steps: withStep({ deadline: { ...deadline, firstContact: { phone: 'PT4H', messenger: 'PT4H', email: 'PT8H', nothing: 'PT8H' } } }).steps }
      expect(await previewPublishing(room, firma, both, 'all')).toMatchObject({ termKept: 0, deadline: 2 })
    })
  })
})
