import { describe, expect, it } from 'vitest'
import { playStory } from './stories/story.ts'

const onPglite = { preset: 'worktops', database: 'pglite', badEvents: false } as const

describe('the portal\'s own automation', () => {
  it('asks our robots on the lead\'s stage, waits, and gets their values (S4-5)', async () => {
    await playStory(onPglite, async ({ act, portal, until, stageOf, view, saveCard, pass, now }) => {
      const { id } = act.createLead({ title: 'Столешница', name: 'Ольга', phone: '+79000000061', sourceId: 'WEB' })
      await until('the lead is in work', () => stageOf(id) === 'IN_PROCESS', [id])
      const responsible = portal.state.leads.get(id)?.assignedById ?? 0
      const ask = async (code: string) => {
        const run = portal.runRobot(code, id)
        await until(`${code} is answered`, () => !run.waiting)
        return run.returned
      }

      // «Проверить карточку квалификации»: what is missing, by name.
      expect(await ask('leadrail.check-card')).toMatchObject({ complete: 'N', titles: expect.stringContaining('Размер') as unknown })
      const { card } = await view(responsible, id)
      await saveCard(responsible, id, { answers: answersOf(card), comment: 'Светлый камень' })
      expect(await ask('leadrail.check-card')).toMatchObject({ complete: 'Y', titles: '' })

      // «Запустить срок»: a new term from now.
      pass(5)
      const { dueAt } = await ask('leadrail.start-deadline') as { dueAt: string }
      expect(Date.parse(dueAt)).toBeGreaterThan(now())

      // «Распределить лид»: the next one in turn.
      const { responsibleId } = await ask('leadrail.distribute') as { responsibleId: string | number }
      expect(Number(responsibleId)).not.toBe(responsible)
      await until('the portal shows him', () => portal.state.leads.get(id)?.assignedById === Number(responsibleId), [id])
    })
  }, 120_000)

  it('is answered also where its post proves itself by its token alone', async () => {
    await playStory(onPglite, async ({ act, portal, until, stageOf }) => {
      portal.settings.documentedRobots = true
      const { id } = act.createLead({ title: 'Столешница', name: 'Ольга', phone: '+79000000063', sourceId: 'WEB' })
      await until('the lead is in work', () => stageOf(id) === 'IN_PROCESS', [id])
      const run = portal.runRobot('leadrail.check-card', id)
      await until('the robot is answered', () => !run.waiting)
      expect(run.returned).toMatchObject({ complete: 'N' })
    })
  }, 120_000)

  it('is answered about a lead that no step holds', async () => {
    await playStory(onPglite, async ({ act, portal, until }) => {
      const { id } = act.createLead({ title: 'Закрытый', sourceId: 'WEB', stageId: 'JUNK' })
      const run = portal.runRobot('leadrail.start-deadline', id)
      await until('the robot is answered', () => !run.waiting)
      expect(run.returned).toEqual({ dueAt: '' })
    })
  }, 120_000)

  it('hears of a miss by its trigger, once, and moves the lead where the administrator wants it (S4-15)', async () => {
    await playStory(onPglite, async ({ act, portal, until, stageOf, pass, incidents }) => {
      act.bindTrigger('deadline-missed', 'PROCESSED')
      const { id } = act.createLead({ title: 'Столешница', name: 'Ольга', phone: '+79000000062', sourceId: 'WEB' })
      await until('the lead is in work', () => stageOf(id) === 'IN_PROCESS', [id])
      pass(35)
      await until('the trigger is fired', () => portal.state.triggerRuns.length > 0, [id])
      expect(portal.state.triggerRuns).toMatchObject([{ code: 'deadline-missed', leadId: id }])
      expect(stageOf(id)).toBe('PROCESSED')
      expect(await incidents(id)).toHaveLength(1)
    })
  }, 120_000)
})

type Card = { readonly groups: readonly { readonly questions: readonly { readonly code: string; readonly kind: string; readonly required: boolean; readonly options: readonly { readonly code: string }[] }[] }[] } | null

/** An answer to every obligatory question. */
const answersOf = (card: Card): Record<string, string | number> => Object.fromEntries((card?.groups ?? []).flatMap(group => group.questions).filter(({ required }) => required)
  .map(({ code, kind, options }) => [code, options[0]?.code ?? (kind === 'number' || kind === 'money' ? 90_000 : kind === 'yesno' ? 'yes' : kind === 'date' ? '2026-12-01' : '3000×600')]))
