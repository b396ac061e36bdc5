import { describe, expect } from 'vitest'
import { eachWay } from './story.ts'

const answers = { size: '3000×600×40', material: 'quartz', budget: 90_000, urgency: 'month' }

describe('«Столешницы на заказ» (004)', () => {
  eachWay('worktops', 'asks for the card, notices misses, and leads good and bad leads to their stages', async (story) => {
    const { act, people: { dina }, until, stageOf, openWork } = story
    const { id } = act.createLead({ title: 'Столешница из дуба', phone: '+79000000041' })
    const { id: bad } = act.createLead({ title: 'Нужен стол', email: 'stol@example.com' })
    // S4-12: the task of the card comes with «Взят в работу».
    await until('both are in work', () => [id, bad].every(lead => stageOf(lead) === 'IN_PROCESS' && openWork(lead).length === 1), [id, bad])
    const owner = openWork(id)[0]?.responsibleId ?? 0
    const other = openWork(bad)[0]?.responsibleId ?? 0
    expect(owner).not.toBe(other)

    // S4-14: half an hour with a phone number, hours with an address only.
    const [short, long] = await Promise.all([id, bad].map(async lead => (await story.view(1, lead)).deadline?.dueAt ?? ''))
    expect(Date.parse(long ?? '') - Date.parse(short ?? '')).toBeGreaterThan(3 * 3_600_000)

    // S4-18: nobody calls.
    story.pass(35)
    await until('the miss is written down', async () => (await story.incidents(id)).length === 1 && (await story.incidents(bad)).length === 0, [id])
    await until('the responsible has been told', () => story.portal.state.notifications.some(({ userId }) => userId === owner), [id])

    act.call({ leadId: id, userId: owner, direction: 'outgoing', durationSeconds: 90 })
    // S4-16: a good lead without its answers is asked for them again, by name.
    const asked = await story.saveCard(owner, id, { answers: { size: answers.size }, result: 'qualified', nextStep: 'measure' })
    expect(asked.card?.missing).toEqual(expect.arrayContaining(['material', 'budget', 'urgency', 'comment']))
    expect(stageOf(id)).toBe('IN_PROCESS')
    await story.saveCard(owner, id, { answers, comment: 'Светлый камень, под мойку' })
    await until('the lead is qualified and its task closed', () => stageOf(id) === 'PROCESSED' && openWork(id).length === 0, [id])

    // S4-17: a bad one goes to its stage with the reason.
    act.mail({ leadId: bad, userId: other, direction: 'outgoing', subject: 'Ваш запрос' })
    await story.saveCard(other, bad, { result: 'not-qualified', reason: 'not-ours' })
    await until('the bad lead is on its stage', () => stageOf(bad) === 'JUNK' && openWork(bad).length === 0, [bad])
    expect((await story.incidents(id)).every(({ resolvedAt }) => resolvedAt !== null)).toBe(true)
    expect(story.portal.state.notifications.filter(({ userId }) => userId === dina).length).toBeLessThan(3)
  })
})
