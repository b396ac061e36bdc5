import { describe, expect } from 'vitest'
import { isControlled } from '../../../server/domain/rules/rejection.ts'
import { eachWay, type Story } from './story.ts'

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

    // S4-17: a share of the refusals goes to the head to be looked through, the others do not.
    const { controlledShare } = (await story.regulation()).rejection
    const [fine] = newLeads(story, lead => !isControlled(lead, controlledShare))
    const [looked, ...spare] = newLeads(story, lead => isControlled(lead, controlledShare)).toReversed()
    if (fine === undefined || looked === undefined) throw new Error('no lead to refuse')
    for (const lead of spare) act.deleteLead(lead)
    await until('both are in work', () => [fine, looked].every(lead => openWork(lead).length === 1), [fine, looked])
    for (const lead of [fine, looked]) {
      const responsible = openWork(lead)[0]?.responsibleId ?? 0
      act.call({ leadId: lead, userId: responsible, direction: 'outgoing', durationSeconds: 40 })
      await story.saveCard(responsible, lead, { result: 'not-qualified', reason: 'region' })
    }
    await until('both are refused', () => [fine, looked].every(lead => stageOf(lead) === 'JUNK'), [fine, looked])
    const controls = async (lead: number) => (await story.journal(lead)).flatMap(({ command }) => (command.kind === 'notify' && command.about === 'control' ? [command.userId] : []))
    await until('the head is asked to look through one', async () => (await controls(looked)).length > 0, [looked])
    expect([await controls(looked), await controls(fine), await controls(bad)]).toEqual([[dina], [], []])

    // S4-18 … S4-20: a miss that nobody answers climbs to the head after four working hours, to the director after sixteen.
    const { id: silent } = act.createLead({ title: 'Столешница в ванную', phone: '+79000000049' })
    await until('it is in work', () => openWork(silent).length === 1, [silent])
    story.pass(35)
    await until('the miss is written down', async () => (await story.incidents(silent)).length === 1, [silent])
    const [miss] = await story.incidents(silent)
    const rungs = async () => (await story.journal(silent)).flatMap(({ command }) => (command.kind === 'notify' && command.because.rule === 'rung' && command.because.incidentId === miss?.id ? [[command.because.rung, command.userId]] : [])).toReversed()
    expect(await rungs()).toEqual([])
    story.pass(4 * 60)
    await until('the head is brought in', async () => (await rungs()).length === 1, [silent])
    story.pass(46 * 60)
    await until('the director is brought in', async () => (await rungs()).length === 2, [silent])
    expect(await rungs()).toEqual([['head', dina], ['director', 1]])
    // S4-19: what was noticed hours late, because nobody was running, is written down as such and held against nobody.
    const late = (await story.incidents(silent)).filter(({ systemDelay }) => systemDelay)
    expect(late.length).toBeGreaterThanOrEqual(2)
    expect((await story.incidents(silent)).filter(({ systemDelay }) => !systemDelay)).toMatchObject([{ id: miss?.id }])
    await until('those are told, too', async () => (await story.incidents(silent)).every(({ deliveredAt }) => deliveredAt !== null), [silent])
    expect((await story.journal(silent)).filter(({ command }) => command.kind === 'escalate')).toEqual([])
  })
})

/** New leads up to the first one that this holds of, the wanted one last. */
const newLeads = ({ act }: Story, isWanted: (lead: number) => boolean): readonly number[] => {
  const made: number[] = []
  do made.push(act.createLead({ title: 'Столешница', phone: `+79000001${String(100 + made.length)}` }).id)
  while (!isWanted(made.at(-1) ?? 0))
  return made
}
