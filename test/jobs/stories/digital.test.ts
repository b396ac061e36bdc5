import { describe, expect } from 'vitest'
import { eachWay } from './story.ts'

const answers = { dg_city: 'moscow', dg_products: ['seo', 'context'], dg_position: 'Директор', dg_lpr: 'yes', dg_activity: 'Мебель на заказ', dg_size: 'company', dg_budget: 90_000 }
const day = 24 * 60

describe('«Digital-агентство» (003)', () => {
  eachWay('digital', 'leaves no lead without a task, waits for a month at most and brings refusals back', async (story) => {
    const { act, until, stageOf, openWork, portal } = story
    const { id } = act.createLead({ title: 'Заявка с сайта', phone: '+79000000031', sourceId: 'WEB', companyTitle: 'Ромашка' })
    const { id: partner } = act.createLead({ title: 'Лид от партнёра', phone: '+79000000032', sourceId: 'LEADRAIL_PARTNER' })
    // S3-7: in work, with the to-do «Звонок».
    await until('both are in work with a call', () => [id, partner].every(lead => stageOf(lead) === 'IN_PROCESS' && openWork(lead).some(({ title }) => title.startsWith('Звонок'))), [id, partner])
    const [anna, boris] = [id, partner].map(lead => openWork(lead)[0]?.responsibleId ?? 0) as [number, number]
    // S3-4: in turn.
    expect(anna).not.toBe(boris)
    // S3-10: «от кого» is asked for.
    await until('the detail of the source is asked for', async () => (await story.journal(partner)).some(({ command }) => command.kind === 'notify' && command.about === 'source-detail-needed'), [partner])
    expect((await story.journal(id)).some(({ command }) => command.kind === 'notify' && command.about === 'source-detail-needed')).toBe(false)
    act.updateLead(partner, { sourceDescription: 'Студия «Вектор»' }, boris)

    // S3-18: a to-do closed without a word on the outcome comes back.
    act.call({ leadId: id, userId: anna, direction: 'outgoing', durationSeconds: 180 })
    for (const work of openWork(id)) work.close()
    await until('the lead has a next action again', () => openWork(id).length === 1, [id])

    // S3-24: two months are too long, three weeks are not.
    const inDays = (days: number) => new Date(story.now() + days * day * 60_000).toISOString()
    const refused = await story.does(anna, id, { kind: 'wait', until: inDays(60), comment: 'Просит вернуться через два месяца' })
    expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('Так долго ждать нельзя')])
    // S3-6: whom a manager enters by hand stays with her.
    const own = [1, 2, 3].map(number => act.createLead({ title: 'Свой лид', phone: `+7900000007${number}`, sourceId: 'WEB', assignedById: anna }, anna).id)
    await until('her own leads are in work', () => own.every(lead => stageOf(lead) === 'IN_PROCESS' && openWork(lead).some(({ responsibleId }) => responsibleId === anna)), own)
    const waits = async (lead: number): Promise<boolean> => {
      const watch = await story.watch(lead)
      return watch.status === 'active' && (watch.step?.waiting ?? null) !== null
    }
    const toldOfShare = async (lead: number) => (await story.journal(lead)).flatMap(({ command }) => (command.kind === 'notify' && command.about === 'waiting-share' ? [command.userId] : []))
    await story.does(anna, id, { kind: 'wait', until: inDays(14), comment: 'В отпуске' })
    await until('the lead waits', () => waits(id), [id])
    expect(await toldOfShare(id)).toEqual([])
    // Two of her four leads wait: the head hears of it.
    const [second = 0] = own
    await story.does(anna, second, { kind: 'wait', until: inDays(14), comment: 'Ждёт бюджета' })
    await until('the second lead waits', () => waits(second), [second])
    expect(await toldOfShare(second)).toEqual([story.people.dina])
    story.pass(15 * day)
    await until('the wait is over', async () => {
      const watch = await story.watch(id)
      return watch.status === 'active' && (watch.step?.waiting ?? null) === null && openWork(id).length > 0
    }, [id])

    // S3-27.10: the offer is put off by more than two weeks …
    act.call({ leadId: partner, userId: boris, direction: 'outgoing', durationSeconds: 60 })
    await story.saveCard(boris, partner, { result: 'not-qualified', reason: 'offer-postponed', comment: 'Вернутся к вопросу после выставки' })
    await until('it is refused', () => stageOf(partner) === 'JUNK', [partner])
    await until('its date is noted', async () => {
      const watch = await story.watch(partner)
      return watch.status === 'closed' && Date.parse(watch.life?.returnAt ?? '') - Date.parse(watch.closedAt) === 14 * day * 60_000
    }, [partner])
    const leads = portal.state.leads.size
    story.pass(13 * day)
    // A day before its date it is looked at, and stays refused.
    await story.does(boris, partner, { kind: 'opened' })
    expect([stageOf(partner), (await story.watch(partner)).status]).toEqual(['JUNK', 'closed'])
    story.pass(day + 1)
    // … and S3-28: back in work by itself, with a task.
    await until('it is back in work', () => ['NEW', 'IN_PROCESS'].includes(stageOf(partner)), [partner])
    await until('and has a task again', () => stageOf(partner) === 'IN_PROCESS' && openWork(partner).length > 0, [partner])
    expect((await story.journal(partner)).some(({ command }) => command.kind === 'notify' && command.about === 'lead-back' && command.userId === boris)).toBe(true)
    expect([portal.state.leads.get(partner)?.assignedById, portal.state.leads.size]).toEqual([boris, leads])

    // S3-25: ready for a long talk.
    act.call({ leadId: id, userId: anna, direction: 'outgoing', durationSeconds: 300 })
    await story.saveCard(anna, id, { answers, comment: 'Встреча в четверг', result: 'qualified', nextStep: 'meeting' })
    await story.does(anna, id, { kind: 'go-on' })
    await until('the qualification begins', () => stageOf(id) === 'LEADRAIL_DG_QUALIF' && openWork(id).some(({ title }) => title.startsWith('Встреча или аудит')), [id])
  })
})
