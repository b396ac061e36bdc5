import { describe, expect } from 'vitest'
import { eachWay } from './story.ts'

const answers = { rq_kind: 'target', rq_interest: 'Учёт склада', rq_stage: 'bottom', rq_person: 'Ирина, директор', rq_powers: 'yes', rq_consent: 'form' }

describe('«Обращения как в 1С:CRM» (001)', () => {
  eachWay('requests', 'gives each channel its rules and every request an outcome', async (story) => {
    const { act, people, until, stageOf, openWork, portal } = story
    const { id } = act.createLead({ title: 'Заявка с сайта', name: 'Ирина', phone: '+79000000051', sourceId: 'WEBFORM' })
    const { id: spam } = act.createLead({ title: 'Предложение', name: 'Олег', phone: '+79000000052', sourceId: 'EMAIL' })
    const { id: mail } = act.createLead({ title: 'Письмо секретарю', name: 'Нина', email: 'nina@example.com', sourceId: 'LEADRAIL_PRIVATE_MAIL' })
    const { id: sourceless } = act.createLead({ title: 'Обращение', name: 'Пётр', phone: '+79000000053', sourceId: '' })
    // S1-A7: a responsible at once, by the channel's role.
    await until('requests are being handled', () => [id, spam].every(lead => stageOf(lead) === 'IN_PROCESS' && openWork(lead).length === 1), [id, spam])
    for (const lead of [id, spam]) expect([people.anna, people.boris]).toContain(portal.state.leads.get(lead)?.assignedById)
    // S1-A4, S1-A22: private mail is no lead and stays as it is.
    expect([stageOf(mail), openWork(mail).length, (await story.watch(mail)).status === 'active']).toEqual(['NEW', 0, false])
    // S1-D4: the source is asked for.
    await until('the source is asked for', async () => (await story.journal(sourceless)).some(({ command }) => command.kind === 'notify' && command.about === 'source-needed'), [sourceless])

    // S1-D6, S1-D8: the same client again comes to the same person, who is told.
    const owner = portal.state.leads.get(id)?.assignedById ?? 0
    const { id: again } = act.createLead({ title: 'Ещё раз', name: 'Ирина', phone: '+79000000051', sourceId: 'CALL' })
    await until('the repeated request is with the same person', () => stageOf(again) === 'IN_PROCESS' && portal.state.leads.get(again)?.assignedById === owner, [again])

    // S1-D18: each lead of the exhibition goes to the dealer of its region, whoever’s turn it is.
    const region = (await story.regulation()).card.groups.flatMap(({ questions }) => questions).find(({ code }) => code === 'rq_region')
    const valueOf = (code: string) => region?.options.find(option => option.code === code)?.value ?? ''
    await story.publish(regulation => ({ ...regulation, distribution: { ...regulation.distribution, pools: regulation.distribution.pools.map(pool => (pool.id === 'dealers' ? { ...pool, regions: { [people.anna]: [valueOf('north-west')], [people.boris]: [valueOf('south'), valueOf('volga')] } } : pool)) } }))
    const visitors = [['north-west', people.anna], ['north-west', people.anna], ['north-west', people.anna], ['north-west', people.anna], ['volga', people.boris], ['south', people.boris]].map(([where, dealer], index) => ({
      dealer,
      lead: act.createLead({ title: 'Анкета с выставки', name: 'Гость', phone: `+7900000006${index}`, sourceId: 'TRADE_SHOW', sourceDescription: 'Выставка «Склад и логистика»', [region?.field ?? '']: valueOf(String(where)) }).id,
    }))
    await until('every visitor has a dealer', () => visitors.every(({ lead }) => stageOf(lead) === 'IN_PROCESS' && openWork(lead).length === 1), visitors.map(({ lead }) => lead))
    expect(visitors.map(({ lead }) => portal.state.leads.get(lead)?.assignedById)).toEqual(visitors.map(({ dealer }) => dealer))

    // S1-A11: refused in the kanban without a reason: it is asked for.
    const other = portal.state.leads.get(spam)?.assignedById ?? 0
    act.moveStage(again, 'JUNK', owner)
    await until('the reason is asked for', async () => (await story.journal(again)).some(({ command }) => command.kind === 'notify' && command.about === 'reason-needed'), [again])
    // S1-C7: spam has a stage of its own.
    await story.saveCard(other, spam, { result: 'not-qualified', reason: 'spam' })
    await until('spam is apart', () => stageOf(spam) === 'LEADRAIL_RQ_SPAM', [spam])

    // S1-B8: interest confirmed.
    act.call({ leadId: id, userId: owner, direction: 'outgoing', durationSeconds: 240 })
    await story.saveCard(owner, id, { answers, result: 'qualified', nextStep: 'consultation' })
    await until('the interest is confirmed', () => stageOf(id) === 'LEADRAIL_RQ_CONFIRM' && openWork(id).some(({ title }) => title.startsWith('Получить согласие')), [id])

    // S1-D21: refused with a mark, kept, and back on its date.
    act.call({ leadId: id, userId: owner, direction: 'outgoing', durationSeconds: 60 })
    await story.saveCard(owner, id, { result: 'not-qualified', reason: 'not-now' })
    await until('it is refused on this step, too', () => stageOf(id) === 'JUNK', [id])
    await until('the refusal is noted with its date', async () => {
      const watch = await story.watch(id)
      return watch.status === 'closed' && (watch.life?.returnAt ?? null) !== null
    }, [id])
    story.pass(91 * 24 * 60)
    await until('it is back', () => ['NEW', 'IN_PROCESS'].includes(stageOf(id)), [id])
  })
})
