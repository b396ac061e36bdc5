import { expect, it } from 'vitest'
import { leadId, stageId } from '../../server/domain/lead.ts'
import type { Regulation } from '../../server/domain/regulation.ts'
import { referencesOf } from '../../server/domain/regulation/references.ts'
import { checkRegulation } from '../../server/jobs/check-regulation.ts'
import { createRegulationDesk, type RegulationDesk } from '../../server/jobs/regulation-desk.ts'
import { lookAtAll } from '../../server/jobs/refresh-portal.ts'
import { createSimulationDesk } from '../../server/jobs/simulate.ts'
import { servePortal } from '../../server/jobs/serve-portal.ts'
import type { Database } from '../../server/store/database.ts'
import { journalOf } from '../../server/store/journal.ts'
import { createPortals } from '../../server/store/portals.ts'
import { publishRegulation } from '../../server/store/regulations.ts'
import { watchOf } from '../../server/store/watches.ts'
import { answers, at, call, notQualified, officeHours, qualified, regulation, stages, withStep } from '../domain/support.ts'
import { eachDatabase } from '../support/database.ts'
import { ask, firma, journalKinds, outboxRows, sealer, untouched, useRoom, type TestRoom } from './support.ts'

const deadline = regulation.steps[1]?.deadline
if (deadline === null || deadline === undefined) throw new Error('the step has no deadline')
const longer = withStep({ deadline: { ...deadline, firstContact: { phone: 'PT4H', messenger: 'PT4H', email: 'PT8H', nothing: 'PT8H' } } })
const shorter = withStep({ deadline: { ...deadline, firstContact: { phone: 'PT5M', messenger: 'PT5M', email: 'PT5M', nothing: 'PT5M' } } })

eachDatabase((_name, open) => {
  let database: Database
  let room: TestRoom
  let desk: RegulationDesk
  const said: string[] = []

  useRoom(open, (made) => {
    room = made
    database = made.database
    said.length = 0
    const references = referencesOf(regulation)
    const named = (kind: string) => Object.fromEntries(references.filter(one => one.kind === kind).map(({ id }) => [id, `${kind} ${id}`]))
    room.toy.readNames = async () => ({ stages: named('stage'), fields: Object.fromEntries(Object.keys(named('field')).map(id => [id, { title: id }])), sources: {} })
    room.toy.tell = async (_memberId, { text }) => void said.push(text)
    desk = createRegulationDesk(room, () => Promise.reject(new Error('too many leads for a test')))
  })

  const dueOf = async (id: number) => {
    const watch = await watchOf(database.db, firma, leadId(id))
    return watch.status === 'active' && watch.clock.kind !== 'none' ? { version: watch.regulationVersion, dueAt: watch.clock.dueAt } : watch
  }
  const serve = async (...ids: number[]): Promise<void> => {
    await ask(database, ids)
    await servePortal(room, firma, untouched)
  }
  const publish = (document: Regulation, how: { applies: 'new' | 'all'; mode?: 'live' | 'shadow' }) => database.transaction(tx => publishRegulation(tx, firma, document, at('10:01'), how))

  /** What an old lead is under before and after a new version; `applies` as the portal's rules understand it. */
  const underNewVersion = async (applies: 'new' | 'all') => {
    room.toy.create(7)
    await serve(7)
    const before = { ...await dueOf(7), kinds: await journalKinds(database.db, 7) }
    await publish(longer, { applies })
    room.clock.set(at('10:02'))
    room.toy.create(8)
    await serve(7, 8)
    return { before, after: { ...await dueOf(7), kinds: await journalKinds(database.db, 7) } }
  }

  it('leaves old leads untouched when a version is for new ones only', async () => {
    const { before, after } = await underNewVersion('new')
    expect(after).toEqual(before)
    expect(await dueOf(8)).toMatchObject({ version: 2, dueAt: at('15:02').toString() })
  })

  it('would notice rules that take every lead along (planted bug)', async () => {
    const { before, after } = await underNewVersion('all')
    expect(after).not.toEqual(before)
  })

  it('counts the running term anew from its start when a version is for all leads', async () => {
    room.toy.create(7)
    await serve(7)
    await publish(longer, { applies: 'all' })
    room.clock.set(at('10:02'))
    await serve(7)
    expect(await dueOf(7)).toEqual({ version: 2, dueAt: at('15:00').toString() })
    expect(room.toy.leads.get(7)?.followUps[0]?.deadlineAt?.toString()).toBe(at('15:00').toString())
    const journal = await journalOf(database.db, firma, leadId(7), 100)
    expect(journal.find(({ command }) => command.kind === 'adopt-version')?.command.because).toEqual({ rule: 'version-adopted', from: 1, to: 2 })
    const kinds = await journalKinds(database.db, 7)
    await serve(7)
    expect(await journalKinds(database.db, 7)).toEqual(kinds)
  })

  it('puts a closed lead that comes back under the newest version, even one for new leads', async () => {
    room.toy.create(7)
    await serve(7)
    room.clock.set(at('10:05'))
    room.toy.change(7, { stageId: stages['not-qualified'], semantic: 'failure', movedAt: room.clock.now() })
    await serve(7)
    expect(await watchOf(database.db, firma, leadId(7))).toMatchObject({ status: 'closed', regulationVersion: 1 })
    await publish(longer, { applies: 'new' })
    room.clock.set(at('10:10'))
    room.toy.change(7, { stageId: stages['in-work'], semantic: 'processing', movedAt: room.clock.now() })
    await serve(7)
    expect(await dueOf(7)).toEqual({ version: 2, dueAt: at('15:10').toString() })
  })

  /** A document whose reasons bring a refused lead back so many days later. */
  const returning = (days: number | null, document = regulation): Regulation => ({ ...document, card: { ...document.card, reason: { ...document.card.reason, options: document.card.reason.options.map(option => ({ ...option, returnAfterDays: days })) } } })
  const refuse = async (id: number): Promise<void> => {
    room.toy.change(id, { stageId: stages['not-qualified'], semantic: 'failure', movedAt: room.clock.now(), fields: notQualified })
    await serve(id)
  }

  it('judges a refused lead by the version it was refused under, and begins it anew under the newest one', async () => {
    await publish(returning(3), { applies: 'all' })
    room.toy.create(7)
    await serve(7)
    room.clock.set(at('10:05'))
    await refuse(7)
    const refused = await watchOf(database.db, firma, leadId(7))
    expect(refused).toMatchObject({ status: 'closed', regulationVersion: 2, life: { returnAt: at('10:05', '2026-07-27').toString() } })
    await publish(returning(null, { ...longer, rejection: { ...longer.rejection, controlledShare: 1 } }), { applies: 'new' })
    room.clock.set(at('12:00'))
    await serve(7)
    expect(await watchOf(database.db, firma, leadId(7))).toEqual(refused)
    room.clock.set(at('10:05', '2026-07-27'))
    await serve(7)
    expect(await dueOf(7)).toEqual({ version: 3, dueAt: at('15:05', '2026-07-27').toString() })
  })

  it('asks nothing new about a refusal that is older than the version', async () => {
    await publish({ ...regulation, rejection: { ...regulation.rejection, reasonRequired: false, controlledShare: 0 } }, { applies: 'all' })
    room.toy.create(7)
    await serve(7)
    room.toy.change(7, { stageId: stages['not-qualified'], semantic: 'failure', movedAt: at('10:00'), fields: {} })
    await serve(7)
    const refused = await watchOf(database.db, firma, leadId(7))
    await publish({ ...regulation, rejection: { ...regulation.rejection, reasonRequired: true, controlledShare: 1 } }, { applies: 'all' })
    room.clock.set(at('12:00'))
    await serve(7)
    expect(await watchOf(database.db, firma, leadId(7))).toEqual(refused)
    expect(room.toy.effects.some(effect => effect.kind === 'notify' && effect.about === 'reason-needed')).toBe(false)
  })

  it('looks at a lead that was left alone when its source counts as one of leads', async () => {
    const web = (isLeadSource: boolean): Regulation => ({ ...regulation, channels: [{ id: 'web', name: { ru: 'Сайт' }, sources: ['WEB'], isLeadSource, isTest: false, handledBy: null, detail: null, reasonRequired: false, deadlineClass: null }] })
    await publish(web(false), { applies: 'all' })
    room.toy.create(7, { sourceId: 'WEB' })
    await serve(7)
    expect(await watchOf(database.db, firma, leadId(7))).toMatchObject({ status: 'closed', life: { leftSource: 'WEB' } })
    await publish(web(true), { applies: 'all' })
    await lookAtAll(room, firma)
    await servePortal(room, firma, untouched)
    expect(await watchOf(database.db, firma, leadId(7))).toMatchObject({ status: 'active', regulationVersion: 3 })
  })

  it('starts a term that a step has got for the leads that are on it already', async () => {
    await publish(withStep({ deadline: null }), { applies: 'all' })
    room.toy.create(7)
    await serve(7)
    expect(await watchOf(database.db, firma, leadId(7))).toMatchObject({ status: 'active', regulationVersion: 2, clock: { kind: 'none' } })
    await publish(regulation, { applies: 'all' })
    room.clock.set(at('10:20'))
    await serve(7)
    expect(await dueOf(7)).toEqual({ version: 3, dueAt: at('10:50').toString() })
    expect(room.toy.leads.get(7)?.followUps.at(-1)?.deadlineAt?.toString()).toBe(at('10:50').toString())
  })

  it('knows the sources by name for the title (S2-4)', async () => {
    const { readFacts } = room.toy
    room.toy.readFacts = async (...asked) => ({ ...await readFacts(...asked), sourceNames: { WEB: 'Веб-сайт' } })
    await publish({ ...regulation, intake: { ...regulation.intake, titleTemplate: '{client} – {source}' } }, { applies: 'all' })
    room.toy.create(7, { title: 'Лид № 7', sourceId: 'WEB' })
    await serve(7)
    expect(room.toy.leads.get(7)?.title).toBe('Мария – Веб-сайт')
  })

  it('knows which stages mean a deal: no lead is moved there, and the administrator is warned', async () => {
    const { readFacts } = room.toy
    room.toy.readFacts = async (...asked) => ({ ...await readFacts(...asked), stages: [{ id: stages.qualified, semantic: 'success' as const }] })
    const saved = await desk.saveDraft(firma, { regulation, revision: 0, authorId: 1 })
    if (!saved.ok) throw new Error('the draft was not saved')
    expect((await desk.check(firma, saved.draft.regulation)).problems).toContainEqual(expect.objectContaining({ kind: 'success-automatic', severity: 'warning' }))
    room.toy.create(7, { fields: { ...answers, ...qualified }, activities: [call(at('09:59'))] })
    await serve(7)
    await serve(7)
    expect(room.toy.effects.filter(effect => effect.kind === 'move-stage').map(({ to }) => to)).toEqual([stages['in-work']])
    expect(room.toy.effects.some(effect => effect.kind === 'notify' && effect.about === 'conversion-proposed')).toBe(true)
  })

  it('says before publishing what would change, and changes nothing by saying it', async () => {
    room.toy.create(7)
    await serve(7)
    room.clock.set(at('10:20'))
    const saved = await desk.saveDraft(firma, { regulation: shorter, revision: 0, authorId: 1 })
    if (!saved.ok) throw new Error('the draft was not saved')
    const kinds = await journalKinds(database.db, 7)
    expect(await desk.preview(firma, saved.draft.revision, 'all')).toMatchObject({ kind: 'preview', preview: { status: 'done', result: { open: 1, overdue: 1, leads: [{ leadId: 7, what: 'overdue', after: at('10:05').toString() }] } } })
    expect(await desk.preview(firma, saved.draft.revision, 'new')).toMatchObject({ preview: { result: { open: 1, overdue: 0, leads: [] } } })
    expect(await journalKinds(database.db, 7)).toEqual(kinds)
  })

  it('follows a lead by its stage when its step is gone, and tells the administrators once where there is none', async () => {
    room.toy.create(7)
    room.toy.create(8)
    await serve(7, 8)
    const renamed = { ...regulation, steps: regulation.steps.map(step => (step.id === 'in-work' ? { ...step, id: 'talk' } : step)) }
    await publish(renamed, { applies: 'all' })
    await serve(7, 8)
    expect(await watchOf(database.db, firma, leadId(7))).toMatchObject({ status: 'active', stepId: 'talk', regulationVersion: 2 })
    const without = { ...regulation, steps: [{ ...regulation.steps[0], id: 'other', stageId: stageId('ELSEWHERE') }] } as Regulation
    await publish(without, { applies: 'all' })
    await serve(7, 8)
    expect(await watchOf(database.db, firma, leadId(7))).toMatchObject({ status: 'closed', outcome: 'moved-on' })
    expect(room.toy.effects.filter(effect => effect.kind === 'notify' && effect.about === 'step-lost')).toHaveLength(1)
  })

  it('decides in the shadow, and carries nothing of it out', async () => {
    await publish(longer, { applies: 'all', mode: 'shadow' })
    room.toy.create(7)
    await serve(7)
    expect(await dueOf(7)).toMatchObject({ version: 1, dueAt: at('10:30').toString() })
    const shadow = await desk.shadow(firma, { limit: 100, before: null })
    expect(shadow.find(({ command }) => command.kind === 'set-clock')?.command).toMatchObject({ clock: { dueAt: at('15:00').toString() } })
    expect(new Set(room.toy.effects.map(({ mark }) => mark)).size).toBe(room.toy.effects.length)
    expect((await outboxRows(database.db)).every(({ mark }) => !mark.startsWith('shadow'))).toBe(true)
    const journal = await journalOf(database.db, firma, leadId(7), 100)
    expect(journal.every(({ regulationVersion }) => regulationVersion === 1)).toBe(true)
    // The second look shows what the first has done on the portal.
    await serve(7)
    const count = (await desk.shadow(firma, { limit: 100, before: null })).length
    await serve(7)
    expect(await desk.shadow(firma, { limit: 100, before: null })).toHaveLength(count)
  })

  it('publishes nothing that cannot work, by no road', async () => {
    const broken = { ...regulation, distribution: { ...regulation.distribution, defaultPoolId: 'nobody' } }
    const saved = await desk.saveDraft(firma, { regulation: broken, revision: 0, authorId: 1 })
    if (!saved.ok) throw new Error('the draft was not saved')
    const how = { applies: 'all', mode: 'live', comment: '', authorId: 1, overNewer: false } as const
    expect(await desk.publish(firma, saved.draft.revision, how)).toMatchObject({ kind: 'problems' })
    await publish(broken, { applies: 'new' })
    expect(await desk.restore(firma, 2, how)).toMatchObject({ kind: 'problems' })
    expect(await desk.restore(firma, 1, how)).toMatchObject({ kind: 'published', version: 3 })
  })

  it.each([
    ['a span that is none', withStep({ deadline: { ...deadline, finish: 'x' } }), 'wrong-span'],
    ['a time zone that is none', { ...regulation, calendar: { kind: 'own', calendar: { timeZone: 'Nowhere/Zone', week: officeHours.week, holidays: [], workdays: [] } } } as Regulation, 'wrong-time-zone'],
  ])('answers a preview and a simulation of %s with the problem', async (_what, broken, kind) => {
    room.toy.create(7)
    await serve(7)
    const saved = await desk.saveDraft(firma, { regulation: broken, revision: 0, authorId: 1 })
    if (!saved.ok) throw new Error('the draft was not saved')
    const problems = expect.arrayContaining([expect.objectContaining({ kind, severity: 'error' })]) as unknown
    expect(await desk.preview(firma, saved.draft.revision, 'all')).toMatchObject({ kind: 'problems', problems })
    const simulations = createSimulationDesk(room, () => Promise.reject(new Error('nothing is begun')))
    expect(await simulations.ask(firma, { what: 'draft', from: at('09:00').toString(), to: at('10:00').toString(), authorId: 1 })).toMatchObject({ ok: false, why: 'problems', problems })
  })

  it('publishes a draft over a version that came after its beginning only when that is wanted', async () => {
    const saved = await desk.saveDraft(firma, { regulation: shorter, revision: 0, authorId: 1 })
    if (!saved.ok) throw new Error('the draft was not saved')
    const how = { applies: 'all', mode: 'live', comment: '', authorId: 1 } as const
    await publish(longer, { applies: 'all' })
    expect(await desk.publish(firma, saved.draft.revision, { ...how, overNewer: false })).toMatchObject({ kind: 'outdated', inForce: { version: 2 } })
    expect((await desk.draft(firma))?.revision).toBe(saved.draft.revision)
    expect(await desk.publish(firma, saved.draft.revision, { ...how, overNewer: true })).toMatchObject({ kind: 'published', version: 3 })
  })

  it('tells the administrators once of a stage that was deleted, and shows it', async () => {
    await createPortals(database, sealer).saveToken({ memberId: firma, userId: 20, accessToken: 'access', refreshToken: 'refresh', expiresAt: at('11:00'), serverEndpoint: 'https://oauth.example.com/rest/' })
    await checkRegulation(room, firma)
    expect(said).toEqual([])
    const names = await room.toy.readNames?.(firma)
    if (names === undefined) throw new Error('no names')
    const { QUALIFIED: _stage, ...stages } = names.stages
    room.toy.readNames = async () => ({ ...names, stages })
    await checkRegulation(room, firma)
    await checkRegulation(room, firma)
    expect(said).toHaveLength(1)
    expect(said[0]).toContain('на портале нет стадии QUALIFIED')
    expect((await desk.state(firma)).missing).toMatchObject([{ kind: 'missing-stage', stageId: 'QUALIFIED' }])
  })
})
