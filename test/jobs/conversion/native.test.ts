/** Leads converted in the portal itself, through the whole program on the emulator: noticed, told, made good. */
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { ConversionState, ConversionView, GapsView } from '../../../server/contract/conversion.ts'
import type { Plan } from '../../../server/domain/conversion/plan.ts'
import { leadId, userId } from '../../../server/domain/lead.ts'
import { addConversion } from '../../../server/store/conversions.ts'
import { playStory, type Story } from '../stories/story.ts'

const answers = { answers: { size: '3000×600×40', material: 'quartz', budget: 90_000, urgency: 'month' }, comment: 'Светлый камень' }

const inWork = async ({ act, until, openWork }: Story): Promise<{ readonly id: number; readonly owner: number }> => {
  const { id } = act.createLead({ title: 'Столешница', name: 'Ольга', lastName: 'Белова', companyTitle: 'ООО «Кедр»', phone: '+7 900 000-00-71', sourceId: 'WEB' })
  await until('the lead is in work', () => openWork(id).length === 1, [id])
  return { id, owner: openWork(id)[0]?.responsibleId ?? 0 }
}
const messages = ({ portal }: Story, userId: number): readonly string[] => portal.state.notifications.flatMap(one => (one.userId === userId && one.tag.includes('converted-past') ? [one.message] : []))
const past = async ({ incidents }: Story, id: number) => (await incidents(id)).filter(({ about }) => about === 'converted-past')
const gapsOf = async ({ ask }: Story, userId: number, id: number): Promise<GapsView['gaps']> => {
  const answer = await ask(userId, 'GET', `/api/leads/${id}/conversion/gaps`)
  expect(answer.status).toBe(200)
  return GapsView.parse(await answer.json()).gaps
}
const noticed = (story: Story, id: number) => story.until('the conversion is noticed', async () => (await past(story, id)).length === 1, [id])
const settled = (story: Story, id: number) => story.until('it is settled', async () => (await past(story, id)).every(({ resolvedAt }) => resolvedAt !== null), [id])

describe.each(['pglite', 'postgres'] as const)('on %s', (database) => {
  const play = (tell: (story: Story) => Promise<void>) => playStory({ preset: 'worktops', database, badEvents: false }, tell)

  it('is noticed and told to its responsible, and ends when answers and phones are put right (S0-30, S0-32)', () => play(async (story) => {
    const { id, owner } = await inWork(story)
    const { contact, company, deal } = story.act.convertNatively(id, { deal: true, contact: true, company: true }, owner)
    await noticed(story, id)
    await story.until('the responsible is told', () => messages(story, owner).length === 1, [id])
    expect(messages(story, owner)[0]).toMatch(/переведён в успех в самом Битрикс24, в обход Leadrail.*Нет обязательных ответов/)
    expect(messages(story, story.people.dina)).toEqual([])
    expect(await past(story, id)).toMatchObject([{ userId: owner, deliveredAt: null, resolvedAt: null }])

    const gaps = await gapsOf(story, owner, id)
    expect(gaps.map(({ repair }) => repair.kind)).toEqual([...gaps.slice(1).map(() => 'answer'), 'remove-phone'])
    const { repair, otherwise } = gaps.at(-1) ?? {}
    expect(repair).toMatchObject({ from: 'company', id: company?.id, phone: '+7 900 000-00-71', title: 'ООО «Кедр»' })
    expect(otherwise).toMatchObject([{ from: 'contact', id: contact?.id }])
    for (const _press of [1, 2]) {
      const answer = await story.ask(owner, 'POST', `/api/leads/${id}/conversion/gaps/repair`, repair)
      expect(GapsView.parse(await answer.json()).gaps.map(one => one.repair.kind)).not.toContain('remove-phone')
    }
    expect(company?.fm).toEqual([])
    expect(contact?.fm.map(({ value }) => value)).toEqual(['+7 900 000-00-71'])
    expect(story.portal.state.deals.size).toBe(1)
    expect(deal).not.toBeNull()
    expect((await past(story, id))[0]?.resolvedAt).toBeNull()

    expect((await story.view(owner, id)).card?.editable).toBe(true)
    await story.saveCard(owner, id, answers)
    await settled(story, id)
    expect(await gapsOf(story, owner, id)).toEqual([])
    expect((await story.view(owner, id)).card?.editable).toBe(false)
    story.pass(60 * 26)
    await story.until('a day has passed', async () => (await story.watch(id)).status === 'closed', [id])
    expect(messages(story, story.people.dina)).toEqual([])
  }), 120_000)

  it('is told to the head a day later, who takes note of it', () => play(async (story) => {
    const { id, owner } = await inWork(story)
    story.act.convertNatively(id, { deal: true, contact: true }, owner)
    await noticed(story, id)
    story.pass(60 * 25)
    await story.until('the head is told', () => messages(story, story.people.dina).length === 1, [id])
    const [incident] = (await story.view(story.people.dina, id)).incidents.filter(({ about }) => about === 'converted-past')
    expect((await story.does(owner, id, { kind: 'acknowledge', incidentId: incident?.id ?? '' })).status).toBe(200)
    expect((await past(story, id))[0]?.resolvedAt).toBeNull()
    expect((await story.does(story.people.dina, id, { kind: 'acknowledge', incidentId: incident?.id ?? '' })).status).toBe(200)
    await settled(story, id)
    expect(messages(story, owner)).toHaveLength(1)
  }), 120_000)

  it('can be converted by us where nothing was made of it, and then it is settled (S3-25)', () => play(async (story) => {
    const { id, owner } = await inWork(story)
    const convert = async (): Promise<ConversionState> => {
      const plan = await story.ask(owner, 'POST', `/api/leads/${id}/conversion/plan`, {})
      const { seen, lacks } = ConversionView.parse(await plan.json())
      expect(lacks).toEqual([])
      return ConversionState.parse(await (await story.ask(owner, 'POST', `/api/leads/${id}/conversion`, { seen })).json())
    }
    story.act.convertNatively(id, {}, owner)
    await noticed(story, id)
    const gaps = await gapsOf(story, owner, id)
    expect(gaps.filter(({ repair }) => repair.kind !== 'answer').map(({ repair }) => repair.kind)).toEqual(['convert'])
    expect((await convert()).status).toBe('done')
    await settled(story, id)
    expect([story.portal.state.deals.size, story.portal.state.companies.size]).toEqual([1, 1])
    expect(story.stageOf(id)).toBe('CONVERTED')
    expect(await gapsOf(story, owner, id)).toEqual([])
  }), 120_000)

  it('is left to a conversion of ours that is under way', () => play(async (story) => {
    const { id, owner } = await inWork(story)
    await story.app.database.transaction(tx => addConversion(tx, story.portal.memberId, {
      id: 'c1', leadId: leadId(id), byUserId: userId(owner), byUserName: 'Анна', regulationVersion: 1, plan: {} as Plan, steps: [{ key: 'check', kind: 'check', leadId: leadId(id), knownDeals: [] }],
      startedAt: Temporal.Now.instant(), undoDays: 0, notBefore: Temporal.Now.instant().add({ hours: 1 }),
    }))
    story.act.convertNatively(id, { deal: true, contact: true }, owner)
    await story.until('the work is over', async () => (await story.watch(id)).status === 'closed', [id])
    expect(await past(story, id)).toEqual([])
    expect(messages(story, owner)).toEqual([])
  }), 120_000)

  it('is not what a conversion of ours leaves', () => play(async (story) => {
    const { id, owner } = await inWork(story)
    await story.saveCard(owner, id, { ...answers, result: 'qualified', nextStep: 'measure' })
    const { seen } = ConversionView.parse(await (await story.ask(owner, 'POST', `/api/leads/${id}/conversion/plan`, {})).json())
    const state = ConversionState.parse(await (await story.ask(owner, 'POST', `/api/leads/${id}/conversion`, { seen })).json())
    expect(state.status).toBe('done')
    await story.until('it is over', async () => {
      const watch = await story.watch(id)
      return watch.status === 'closed' && watch.outcome === 'converted'
    }, [id])
    expect(await past(story, id)).toEqual([])
    expect(await gapsOf(story, owner, id)).toEqual([])
  }), 120_000)
})
