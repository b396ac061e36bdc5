import { describe, expect } from 'vitest'
import { eachWay } from './story.ts'

const answers = { ps_addressed: 'yes', ps_service: 'ttk', ps_vehicle: 'heavy', ps_period: 'year', ps_price: 'yes', ps_who: 'company' }

describe('«Оформление пропусков» (000)', () => {
  eachWay('passes', 'leads a lead from a call to the conversion request', async (story) => {
    const { act, people: { anna }, until, stageOf, openWork } = story
    const { id } = act.createLead({ title: 'Исходящий звонок +79000000011', phone: '+79000000011', sourceId: 'CALL' })
    act.call({ leadId: id, userId: anna, direction: 'outgoing', durationSeconds: 0 })

    // S0-4: whoever called is the responsible, S0-5: with a task due within a minute.
    await until('the caller has the lead and its task', () => stageOf(id) === 'LEADRAIL_PS_ASSIGNED' && openWork(id).length === 1, [id])
    expect(story.portal.state.leads.get(id)?.assignedById).toBe(anna)
    expect(openWork(id)[0]).toMatchObject({ title: expect.stringContaining('Связаться и провести квалификацию'), responsibleId: anna })

    act.call({ leadId: id, userId: anna, direction: 'outgoing', durationSeconds: 120 })
    // S0-13, S0-17: the answers say that the client is ours; S0-16: the move is only proposed.
    await story.saveCard(anna, id, { answers, result: 'qualified', nextStep: 'email' })
    await story.does(anna, id, { kind: 'go-on' })
    await until('the lead is qualified', () => stageOf(id) === 'LEADRAIL_PS_QUALIF', [id])

    // S0-19: without a letter the stage «КП отправлено» is not to be reached.
    await until('the task of the offer is set', () => openWork(id).some(({ title }) => title.startsWith('Подготовить и отправить КП')), [id])
    act.moveStage(id, 'LEADRAIL_PS_OFFER', anna)
    await until('the lead is sent back', async () => stageOf(id) === 'LEADRAIL_PS_QUALIF' && (await story.journal(id)).some(({ command }) => command.kind === 'notify' && command.about === 'sent-back'), [id])

    // S0-22: the address is asked for and entered, then the letter goes out.
    act.updateLead(id, { email: 'client@example.com' }, anna)
    act.mail({ leadId: id, userId: anna, direction: 'outgoing', subject: 'Коммерческое предложение' })
    for (const work of openWork(id)) work.close()
    // S0-14, S0-19: the offer is sent, and still no stage may be skipped; both attempts are counted.
    act.moveStage(id, 'LEADRAIL_PS_AGREED', anna)
    await until('the skipped stage is noticed', async () => stageOf(id) === 'LEADRAIL_PS_QUALIF' && (await story.journal(id)).some(({ command }) => command.kind === 'notify' && command.because.rule === 'gate-skipped'), [id])
    expect(await story.watch(id)).toMatchObject({ status: 'active', stepId: 'qualified', life: { sentBack: 2 } })
    // S0-16, S0-19: only the move is left, and looks between closing the task and the move ask for nothing else.
    await until('the move is asked for', () => openWork(id).some(({ title }) => title.startsWith('Перевести лид дальше')), [id])
    await story.does(anna, id, { kind: 'stop-waiting' })
    act.moveStage(id, 'LEADRAIL_PS_OFFER', anna)
    await until('the offer is sent', async () => stageOf(id) === 'LEADRAIL_PS_OFFER' && (await story.watch(id)).status === 'active', [id])

    // S0-24, S0-26: a talk, the consent, the papers.
    await until('the task of the consent is set', () => openWork(id).some(({ title }) => title.startsWith('Получить согласие')), [id])
    expect(await story.watch(id)).toMatchObject({ stepId: 'offer-sent', life: { sentBack: 2 } })
    story.pass(5)
    act.call({ leadId: id, userId: anna, direction: 'outgoing', durationSeconds: 200 })
    act.moveStage(id, 'LEADRAIL_PS_AGREED', anna)
    await until('the primary documents are asked for', () => openWork(id).some(({ title }) => title.startsWith('Получить реквизиты')), [id])
    for (const work of openWork(id)) work.close()
    await until('the task is seen to be done', async () => (await story.journal(id)).some(({ command }) => command.kind === 'notify' && command.about === 'move-proposed') || stageOf(id) === 'LEADRAIL_PS_PAPERS', [id])
    await story.does(anna, id, { kind: 'go-on' })
    // S0-28: the request to convert, with the ways to do it in its text.
    await until('the conversion is asked for', () => stageOf(id) === 'LEADRAIL_PS_PAPERS' && openWork(id).some(({ title }) => title.startsWith('Сконвертировать лид')), [id])
    expect(openWork(id)).toHaveLength(1)
  })
})
