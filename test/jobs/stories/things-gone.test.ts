/** What an administrator has deleted on the portal after publishing: noticed by the daily check, told, and no lead is stranded by it. */
import { describe, expect, it } from 'vitest'
import type { Regulation } from '../../../server/domain/regulation.ts'
import { result } from '../../fake-portal/testing.ts'
import { playStory, type Story } from './story.ts'

const playOn = (tell: (story: Story) => Promise<void>) => playStory({ preset: 'worktops', database: 'pglite', badEvents: false }, tell)
const answers = { answers: { size: '3000×600×40', material: 'quartz', budget: 90_000, urgency: 'month' }, comment: 'Светлый камень', result: 'qualified', nextStep: 'measure' }

const toldTo = ({ portal }: Story, userId: number): readonly string[] => portal.state.notifications.flatMap(one => (one.userId === userId && /regulation-(missing|made)/.test(one.tag) ? [one.message] : []))
const check = ({ app, portal }: Story) => app.jobs.refreshPortal(portal.memberId)
const deleteStage = ({ portal: { state } }: Story, stageId: string): void => {
  for (const [id, { entityId, statusId }] of state.statuses) if (entityId === 'STATUS' && statusId === stageId) state.statuses.delete(id)
}
const hasStage = ({ portal: { state } }: Story, stageId: string): boolean => [...state.statuses.values()].some(({ entityId, statusId }) => entityId === 'STATUS' && statusId === stageId)
const isUnder = (watch: Awaited<ReturnType<Story['watch']>>, version: number): boolean => watch.status === 'active' && watch.regulationVersion === version
const newInWork = async (story: Story, title: string): Promise<{ readonly id: number; readonly owner: number }> => {
  const { id } = story.act.createLead({ title, phone: '+79000000041' })
  await story.until(`«${title}» is in work`, () => story.openWork(id).length === 1, [id])
  return { id, owner: story.openWork(id)[0]?.responsibleId ?? 0 }
}
const finish = async (story: Story, { id, owner }: { readonly id: number; readonly owner: number }): Promise<void> => {
  story.act.call({ leadId: id, userId: owner, direction: 'outgoing', durationSeconds: 90 })
  await story.saveCard(owner, id, answers)
}
const publish = async (story: Story, change: (regulation: Regulation) => Regulation): Promise<Response> => {
  const exported = await (await story.ask(1, 'GET', '/api/regulation/export')).json() as { regulation: Regulation }
  const known = await (await story.ask(1, 'GET', '/api/regulation')).json() as { draft: { revision: number } | null }
  const saved = await story.ask(1, 'PUT', '/api/regulation/draft', { revision: known.draft?.revision ?? 0, regulation: change(exported.regulation) })
  const { revision } = await saved.json() as { revision: number }
  return story.ask(1, 'POST', '/api/regulation/publish', { revision, applies: 'all', mode: 'live', comment: '', overNewer: true })
}

describe('a stage that was deleted after publishing', () => {
  it('is made again where the regulation is a preset’s, the administrator is told, and the leads on it are worked on to the end', () => playOn(async (story) => {
    const old = await newInWork(story, 'Столешница')
    deleteStage(story, 'IN_PROCESS')
    await check(story)
    await story.until('the administrator is told', () => toldTo(story, 1).some(text => text.includes('создано заново: стадии – 1')), [])
    expect(await story.watch(old.id)).toMatchObject({ status: 'active', stepId: 'in-work' })
    const next = await newInWork(story, 'Подоконник')
    expect(hasStage(story, story.stageOf(next.id))).toBe(true)
    for (const lead of [old, next]) await finish(story, lead)
    await story.until('both are qualified', () => [old, next].every(({ id }) => story.stageOf(id) === 'PROCESSED'), [old.id, next.id])
  }), 120_000)

  it('is replaced by another one that fits where there is one, the administrator is told, and no lead is stranded', () => playOn(async (story) => {
    // A stage that no preset knows.
    const { statusId: stage } = story.act.addStatus({ entityId: 'STATUS', statusId: 'UC_OURS', name: 'Наша стадия', sort: 35 })
    expect((await publish(story, regulation => ({ ...regulation, steps: regulation.steps.map(step => (step.id === 'in-work' ? { ...step, leave: { ...step.leave, done: { stageId: stage as never, by: 'automatic' } } } : step)) }))).status).toBe(200)
    const lead = await newInWork(story, 'Столешница')
    deleteStage(story, 'UC_OURS')
    await check(story)
    await story.until('the administrator is told', () => toldTo(story, 1).some(text => text.includes('ссылки заменены, вступила в силу версия 3')), [])
    await story.until('the lead is under the new version', async () => isUnder(await story.watch(lead.id), 3), [lead.id])
    await finish(story, lead)
    await story.until('the lead goes on', () => story.stageOf(lead.id) === 'PROCESSED', [lead.id])
  }), 120_000)

  it('of the customer’s own regulation is told to the administrator, and a lead that was to go there waits for the mended one', () => playOn(async (story) => {
    const { statusId: stage } = story.act.addStatus({ entityId: 'STATUS', statusId: 'UC_OURS', name: 'Наша стадия', sort: 35 })
    const ownResult = ({ card }: Regulation): Regulation['card']['result'] => {
      const place = card.groups.flatMap(({ questions }) => questions).find(({ field }) => field === 'UF_CRM_LR_PLACE')
      return place === undefined ? card.result : { ...card.result, field: place.field, values: { qualified: place.options[0]?.value ?? '', notQualified: place.options[1]?.value ?? '', postponed: null } }
    }
    const doneAt = (stageId: string) => (regulation: Regulation): Regulation => ({
      ...regulation,
      // A result field of his own: no preset is renewed. «Место применения» is a list of the portal's.
      card: { ...regulation.card, groups: regulation.card.groups.map(group => ({ ...group, questions: group.questions.filter(({ field }) => field !== 'UF_CRM_LR_PLACE') })), result: ownResult(regulation) },
      steps: regulation.steps.map(step => (step.id === 'in-work' ? { ...step, leave: { ...step.leave, done: { stageId: stageId as never, by: 'automatic' as const } } } : step)),
    })
    const published = await publish(story, doneAt(stage))
    expect(published.status, await published.text()).toBe(200)
    const lead = await newInWork(story, 'Столешница')
    deleteStage(story, 'UC_OURS')
    await check(story)
    await story.until('the administrator is told', () => toldTo(story, 1).some(text => text.includes('на портале нет стадии UC_OURS')), [])
    expect(await story.watch(lead.id)).toMatchObject({ status: 'active', stepId: 'in-work' })
    expect((await publish(story, doneAt('PROCESSED'))).status).toBe(200)
    await story.until('the lead is under the mended version', async () => isUnder(await story.watch(lead.id), 3), [lead.id])
  }), 120_000)
})

describe('a field that was deleted after publishing', () => {
  it('is made again, the administrator is told, and its question is asked and answered anew', () => playOn(async (story) => {
    const { portal } = story
    const lead = await newInWork(story, 'Столешница')
    await story.saveCard(lead.owner, lead.id, { answers: { size: '1200×600' } })
    for (const { id, fieldName } of portal.state.userFields.values()) if (fieldName === 'UF_CRM_LR_SIZE' || fieldName === 'UF_CRM_LR_MATERIAL') await result(portal, 'crm.lead.userfield.delete', { id })
    await check(story)
    await story.until('the administrator is told', () => toldTo(story, 1).some(text => text.includes('создано заново: поля')), [])
    // The values of a list that was made again are new ones.
    await story.until('the lead is under the renewed version', async () => isUnder(await story.watch(lead.id), 2), [lead.id])
    await finish(story, lead)
    await story.until('the lead is qualified', () => story.stageOf(lead.id) === 'PROCESSED', [lead.id])
  }), 120_000)
})

describe('a fallback person who was dismissed after publishing', () => {
  it('is told to the administrator, and leads that nobody can take go to somebody who works here', () => playOn(async (story) => {
    const { portal, act, people: { anna, boris, dina } } = story
    const spare = act.addUser({ name: 'Егор', lastName: 'Запасной' }).id
    await check(story)
    // Whoever has just come is known after the next reading of the staff.
    await story.until('he is the fallback person', async () => (await publish(story, regulation => ({ ...regulation, distribution: { ...regulation.distribution, fallbackUserId: spare as never } }))).ok, [])
    act.dismissUser(spare)
    await check(story)
    await story.until('the administrator is told', () => toldTo(story, 1).some(text => text.includes(`запасной ответственный (№ ${spare}) не работает в компании`)), [])
    for (const id of [anna, boris]) act.setAbsent(id, story.now() - 3_600_000, story.now() + 86_400_000)
    await check(story)
    const { id } = act.createLead({ title: 'Некому', phone: '+79000000042' })
    await story.until('the lead has a responsible', async () => (await story.watch(id)).status === 'active' && story.openWork(id).length > 0, [id])
    expect([dina, anna, boris, 1]).toContain(portal.state.leads.get(id)?.assignedById)
    expect(portal.state.leads.get(id)?.assignedById).not.toBe(spare)
  }), 120_000)
})
