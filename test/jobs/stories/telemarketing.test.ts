import { describe, expect } from 'vitest'
import { eachWay } from './story.ts'

const calls = 200
const outcomes = [...Array<string>(2).fill('call-lpr'), ...Array<string>(5).fill('mail-offer'), 'told-needs', 'thinks', 'meeting']

describe('«Телемаркетинг» (002)', () => {
  eachWay('telemarketing', 'keeps two hundred cold calls apart and leads ten interested ones on by what they said', async (story) => {
    const { act, people: { anna, boris }, until, stageOf, openWork, portal } = story
    // S2-1, S2-2, S2-23: a lead of every call, whether or not there was a talk; ten did not answer.
    const leads = Array.from({ length: calls }, (_, index) => {
      const caller = index % 2 === 0 ? anna : boris
      const { id } = act.createLead({ title: `+7900000${String(1_000 + index)}`, phone: `+7900000${String(1_000 + index)}`, sourceId: 'CALL', assignedById: caller }, caller)
      act.call({ leadId: id, userId: caller, direction: 'outgoing', durationSeconds: index < 190 ? 60 : 0 })
      return { id, caller }
    })
    const ids = leads.map(({ id }) => id)
    await until('every lead has its call planned', () => ids.every(id => openWork(id).length === 1), ids)
    for (const { id, caller } of leads) expect([stageOf(id), portal.state.leads.get(id)?.assignedById]).toEqual(['NEW', caller])

    // S2-6: five of the missed ones call back; the call is bound to their lead, and no lead is made.
    for (const { id, caller } of leads.slice(190, 195)) act.call({ leadId: id, userId: caller, direction: 'incoming', durationSeconds: 45 })
    await until('their contact is seen', async () => (await Promise.all(ids.slice(190, 195).map(id => story.watch(id)))).every(watch => watch.status === 'active' && watch.contactedAt !== null), ids.slice(190, 195))
    expect(portal.state.leads.size).toBe(calls)

    // S2-15: what the ten interested ones said.
    const interested = leads.slice(0, 10)
    for (const [index, { id, caller }] of interested.entries()) {
      act.updateLead(id, { companyTitle: `Кафе «Встреча ${index}»` }, caller)
      await story.saveCard(caller, id, { answers: { tm_object: `кафе Встреча ${index}`, tm_who: 'lpr', tm_interest: 'display' }, comment: 'Интересна витрина', result: 'qualified', nextStep: outcomes[index] })
      await story.does(caller, id, { kind: 'go-on' })
    }
    const stages = () => interested.map(({ id }) => stageOf(id))
    await until('each is where the outcome leads', () => stages().slice(7, 9).join() === 'LEADRAIL_TM_NEEDS,LEADRAIL_TM_PRESENT', ids.slice(7, 9))
    // S2-4: named after whom and what.
    await until('the title says whom and what', () => String(portal.state.leads.get(ids[7] ?? 0)?.title) === 'Кафе «Встреча 7» – Витрина', ids.slice(7, 8))
    // The same status, and the next call is planned.
    await until('a call is planned for each of the seven', () => stages().slice(0, 7).every(stage => stage === 'NEW') && ids.slice(0, 7).every(id => openWork(id).length === 1), ids.slice(0, 7))
    await until('a call is planned for the two that went on', () => ids.slice(7, 9).every(id => openWork(id).length === 1), ids.slice(7, 9))

    // S2-9: two failure statuses with reasons.
    const [wrong, unneeded] = leads.slice(20, 22)
    if (wrong === undefined || unneeded === undefined) throw new Error('no more leads')
    await story.saveCard(wrong.caller, wrong.id, { comment: 'Чужой номер', result: 'not-qualified', reason: 'wrong-number' })
    await story.saveCard(unneeded.caller, unneeded.id, { comment: 'Всё есть', result: 'not-qualified', reason: 'no-need' })
    await until('each refusal has its own status', () => stageOf(wrong.id) === 'LEADRAIL_TM_WRONG' && stageOf(unneeded.id) === 'LEADRAIL_TM_NONEED', [wrong.id, unneeded.id])
  })
})
