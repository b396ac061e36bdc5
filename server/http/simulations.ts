/** `/api/simulations`: a regulation tried on past leads. Administrators only. */
import type { Context } from 'hono'
import { Temporal } from 'temporal-polyfill'
import { earliestPast, SimulationRequest, type SimulationAccepted, type SimulationList, type SimulationSummary, type SimulationView } from '../contract/simulation.ts'
import type { Language } from '../contract/session.ts'
import { estimateSentence } from '../domain/sentences/estimates.ts'
import type { SimulationDesk } from '../jobs/simulate.ts'
import type { StoredSimulation } from '../store/simulations.ts'
import { readJson } from './body.ts'
import { parseAs } from './malformed.ts'
import type { Clock, Memory } from './ports.ts'
import { Refused } from './problem.ts'
import { errorFields } from './regulation-view.ts'
import type { Session } from './seal-session.ts'
import type { Sessions } from './session.ts'

export interface SimulationDeps {
  readonly sessions: Pick<Sessions, 'answer' | 'requireAdministrator'>
  readonly simulations: SimulationDesk
  readonly memory: Pick<Memory, 'names'>
  readonly clock: Pick<Clock, 'now'>
}

/** A year, a leap day included. */
const longestDays = 366

export const createSimulationRoutes = ({ sessions, simulations, memory, clock }: SimulationDeps) => {
  const asAdministrator = (c: Context, work: (session: Session) => Promise<unknown>, { sure = false, status = 200 }: { readonly sure?: boolean; readonly status?: 200 | 202 } = {}): Promise<Response> => sessions.answer(c, async (session) => {
    if (!session.isAdmin) throw new Refused('administrators-only')
    if (sure) await sessions.requireAdministrator(session)
    return work(session)
  }, status)

  const find = async (c: Context, { memberId }: Session): Promise<StoredSimulation> => {
    const text = c.req.param('id') ?? ''
    const found = /^[1-9]\d{0,14}$/.test(text) ? await simulations.find(memberId, Number(text)) : null
    if (found === null) throw new Refused('simulation-unknown')
    return found
  }

  return {
    /** `POST /api/simulations` */
    ask: (c: Context) => asAdministrator(c, async ({ memberId, userId, language }): Promise<SimulationAccepted> => {
      const { what, from, to } = checkPeriod(parseAs(SimulationRequest, await readJson(c.req.raw), language), clock.now(), language)
      const asked = await simulations.ask(memberId, { what, from, to, authorId: userId })
      if (!asked.ok && asked.why === 'problems') throw new Refused('regulation-unready', { fields: errorFields(asked.problems, language) })
      if (!asked.ok) throw new Refused(refusals[asked.why])
      return { id: asked.id }
    }, { sure: true, status: 202 }),

    /** `GET /api/simulations`, newest first. */
    list: (c: Context) => asAdministrator(c, async ({ memberId, language }): Promise<SimulationList> => ({ simulations: (await simulations.list(memberId)).map(one => summary(one, language)) })),

    /** `GET /api/simulations/:id` */
    show: (c: Context) => asAdministrator(c, async (session): Promise<SimulationView> => {
      const found = await find(c, session)
      const { people } = await memory.names(session.memberId)
      const { estimates = [], ...result } = found.result ?? {}
      return {
        ...summary(found, session.language),
        result: found.result === null ? null : shown(result as NonNullable<SimulationView['result']>),
        estimates: estimates.map(code => ({ code, text: estimateSentence(code, session.language) })),
        people: found.result === null ? {} : Object.fromEntries(peopleIn(found.result).flatMap(id => (people[Number(id)] === undefined ? [] : [[id, people[Number(id)] ?? '']]))),
      }
    }),

    /** `DELETE /api/simulations/:id`: one that has ended stays as it is. */
    cancel: (c: Context) => asAdministrator(c, async (session): Promise<SimulationSummary> => {
      const { id } = await find(c, session)
      await simulations.cancel(session.memberId, id)
      return summary(await find(c, session), session.language)
    }, { sure: true }),
  }
}

/** `byStep` has the counts; of the leads themselves a person looks at a few. */
const shown = (result: NonNullable<SimulationView['result']>): SimulationView['result'] => ({ ...result, gates: { ...result.gates, leadIds: result.gates.leadIds.slice(0, mostStopped) } })

const mostStopped = 500

const refusals = { 'no-draft': 'draft-missing', 'no-version': 'version-unknown', running: 'simulation-running' } as const

const checkPeriod = (asked: SimulationRequest, now: Temporal.Instant, language: Language): SimulationRequest => {
  const [from, to] = [Temporal.Instant.from(asked.from), Temporal.Instant.from(asked.to)]
  const wrong = (field: string, words: Readonly<Record<Language, string>>) => new Refused('malformed', { fields: [{ field, message: words[language] }] })
  if (Temporal.Instant.compare(from, Temporal.Instant.from(earliestPast)) < 0) throw wrong('from', { ru: 'Период не может начинаться раньше 2000 года.', en: 'The period cannot begin before the year 2000.' })
  if (Temporal.Instant.compare(from, to) >= 0) throw wrong('to', { ru: 'Конец периода должен быть позже начала.', en: 'The end of the period must be after its beginning.' })
  if (Temporal.Instant.compare(from, now) >= 0) throw wrong('from', { ru: 'Период должен начинаться в прошлом: на будущих лидах проверить нельзя.', en: 'The period must begin in the past: future leads cannot be tried.' })
  if (to.since(from).total('hours') > longestDays * 24) throw wrong('to', { ru: 'Период не может быть длиннее года.', en: 'The period cannot be longer than a year.' })
  return { ...asked, from: from.toString(), to: to.toString() }
}

const summary = ({ id, version, from, to, status, phase, done, total, problem, askedAt, endedAt, read }: StoredSimulation, language: Language): SimulationSummary => ({
  id,
  what: version ?? 'draft',
  from,
  to,
  status,
  phase,
  progress: status === 'done' ? 1 : total === null ? null : total === 0 ? 1 : Math.min(1, done / total),
  leads: read ?? (phase === 'reading' ? total : null),
  problem: problem === null ? null : problemInWords(problem, language),
  askedAt,
  endedAt,
})

const problemInWords = (code: string, language: Language): { title: string; detail: string } => {
  const [title, detail] = (problems[code] ?? (code === 'unexpected' ? own : portals))[language]
  return { title, detail }
}

type Words = Readonly<Record<Language, readonly [string, string]>>

const own: Words = { ru: ['Ошибка на нашей стороне', 'Запустите проверку ещё раз. Если не помогает, напишите в поддержку.'], en: ['An error on our side', 'Start the simulation again. If that does not help, write to support.'] }
const portals: Words = { ru: ['Портал не дал прочитать прошлые лиды', 'Битрикс24 не отвечает или отказывает. Запустите проверку позже.'], en: ['The portal did not let the past leads be read', 'Bitrix24 does not answer or refuses. Start the simulation later.'] }
const problems: Readonly<Record<string, Words>> = {
  'too-many-leads': { ru: ['Слишком много лидов', 'За этот период пришло больше 10 000 лидов. Выберите период короче.'], en: ['Too many leads', 'More than 10,000 leads came in during this time. Choose a shorter one.'] },
  'portal-suspended': { ru: ['Связь с порталом потеряна', 'Откройте приложение на портале администратором и запустите проверку снова.'], en: ['The connection with the portal is lost', 'Open the application on the portal as an administrator and start the simulation again.'] },
}

const peopleIn = ({ deadlines, messages, escalations, distribution }: NonNullable<StoredSimulation['result']>): readonly string[] =>
  [...new Set([deadlines.byPerson, messages.byPerson, escalations.about, escalations.to, distribution.chosen, distribution.had].flatMap(part => Object.keys(part)))]
