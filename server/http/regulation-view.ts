/** The regulation's desk in words. */
import type { ImportAnswer, PublishPreview, RegulationChange, RegulationDraft, RegulationProblem, RegulationVersion, ShadowJournal } from '../contract/regulation.ts'
import type { Language } from '../contract/session.ts'
import { errorsIn, type Problem } from '../domain/lint.ts'
import type { Regulation } from '../domain/regulation.ts'
import type { Directory, Missing } from '../domain/regulation/bind.ts'
import type { Change } from '../domain/regulation/diff.ts'
import { commandSentence } from '../domain/sentences.ts'
import { changeSentence } from '../domain/sentences/changes.ts'
import { problemSentence } from '../domain/sentences/problems.ts'
import { wordsFor } from '../domain/sentences/words.ts'
import { noChange, type LeadChange, type Preview } from '../jobs/preview-publishing.ts'
import type { Draft } from '../store/drafts.ts'
import type { MissingThing } from '../store/portal-directories.ts'
import type { StoredPreview } from '../store/previews.ts'
import type { VersionRow } from '../store/regulations.ts'
import type { ShadowRow } from '../store/shadow.ts'
import type { z } from 'zod'
import type { PortalNames } from './ports.ts'

/** The clause as a sentence. */
export const problemView = (problem: Problem, language: Language): RegulationProblem => {
  const text = problemSentence(problem, language)
  return { kind: problem.kind, path: problem.path, severity: problem.severity, text: `${text.charAt(0).toUpperCase()}${text.slice(1)}.` }
}

/** Of another version than the one in force the sentence says so. */
export const missingThingView = (thing: MissingThing, inForce: number | null, language: Language): RegulationProblem & { version: number | null } => {
  const version = thing.version ?? inForce
  const view = problemView(thing, language)
  return { ...view, version, text: version === inForce || version === null ? view.text : `${language === 'en' ? 'Version' : 'Версия'} ${version}: ${problemSentence(thing, language)}.` }
}

/** What keeps a regulation from working, by its place. */
export const errorFields = (problems: readonly Problem[], language: Language): { field: string; message: string }[] =>
  errorsIn(problems).map(problem => ({ field: problem.path, message: problemView(problem, language).text }))

const person = (id: number | null, names: PortalNames, language: Language) => (id === null ? null : { id, name: names.people[id] ?? (language === 'en' ? `No. ${id}` : `№ ${id}`) })

export const versionView = ({ version, applies, mode, publishedAt, authorId, comment }: VersionRow, names: PortalNames, language: Language): RegulationVersion =>
  ({ version, applies, mode, publishedAt, author: person(authorId, names, language), comment })

export const draftView = ({ revision, baseVersion, updatedAt, authorId, regulation }: Draft, names: PortalNames, language: Language): RegulationDraft =>
  ({ revision, baseVersion, updatedAt, author: person(authorId, names, language), regulation: regulation as RegulationDraft['regulation'] })

/** Whose change is newer. */
export const whoseWords = ({ authorId, updatedAt }: Draft, names: PortalNames, language: Language): string => {
  const at = wordsFor(language, names.timeZone).moment(updatedAt)
  const who = person(authorId, names, language)?.name
  return language === 'en'
    ? `The draft was changed ${who === undefined ? '' : `by ${who} `}on ${at}. Nothing of yours has been saved: load the newer draft and make your changes there.`
    : `Черновик изменён позже${who === undefined ? '' : ` (${who})`}: ${at}. Ваши изменения не сохранены: загрузите новый черновик и внесите их в него.`
}

export const changeView = (change: Change, around: { readonly before: Regulation; readonly after: Regulation; readonly directory?: Directory }, language: Language): z.infer<typeof RegulationChange> =>
  ({ path: change.path.join('.'), kind: change.kind, text: changeSentence(change, around, language) })

export const missingView = ({ kind, id, name, where, ambiguous }: Missing, language: Language): ImportAnswer['missing'][number] => {
  const called = name === null ? String(id) : language === 'en' ? `“${name}”` : `«${name}»`
  const isOfDeals = kind === 'pipeline' || kind === 'deal-stage'
  const text = language === 'en'
    ? `${englishKinds[kind]} ${called}: ${isOfDeals ? 'taken over from the file, please check what it means on this portal' : ambiguous ? 'the portal has several of this name, choose one' : 'not on this portal, choose another one or create it'}.`
    : `${russianKinds[kind]} ${called}: ${isOfDeals ? 'взято из файла, проверьте, что это значит на этом портале' : ambiguous ? 'на портале несколько с таким названием, выберите нужное' : 'на этом портале нет, выберите другое или создайте'}.`
  return { kind, id, name, where: [...where], text }
}

const russianKinds = { stage: 'Стадия', field: 'Поле', item: 'Значение списка', user: 'Сотрудник', department: 'Отдел', source: 'Источник', pipeline: 'Воронка сделок', 'deal-stage': 'Стадия сделки' } as const
const englishKinds = { stage: 'Stage', field: 'Field', item: 'List value', user: 'Employee', department: 'Department', source: 'Source', pipeline: 'Pipeline of deals', 'deal-stage': 'Stage of deals' } as const

/** Which version has come in between. */
export const newerVersionWords = ({ version, authorId, publishedAt, comment }: VersionRow, names: PortalNames, language: Language): string => {
  const at = wordsFor(language, names.timeZone).moment(publishedAt)
  const who = person(authorId, names, language)?.name
  const why = comment === '' ? '' : language === 'en' ? `, “${comment}”` : `, «${comment}»`
  return language === 'en'
    ? `Version ${version}${who === undefined ? '' : ` by ${who}`} (${at}${why}) came into force after this draft was begun, and the draft does not have its changes. Compare them, then publish over it (“overNewer”), or drop the draft and begin a new one from the version in force.`
    : `После начала черновика вступила в силу версия ${version}${who === undefined ? '' : `, автор ${who}`} (${at}${why}): её изменений в черновике нет. Сравните их и опубликуйте черновик поверх неё (overNewer) либо удалите черновик и начните новый с действующей версии.`
}

/** Why a preview has failed. */
const previewProblem = (code: string, language: Language): { title: string; detail: string } => {
  const [title, detail] = (code === 'draft-changed' ? changedWords : code === 'unexpected' ? ownWords : portalWords)[language]
  return { title, detail }
}

type Words = Readonly<Record<Language, readonly [string, string]>>
const changedWords: Words = { ru: ['Черновик изменён', 'Пока шёл просмотр, черновик изменили, опубликовали или удалили. Запустите просмотр ещё раз.'], en: ['The draft has changed', 'While the preview ran, the draft was changed, published or dropped. Start the preview again.'] }
const ownWords: Words = { ru: ['Ошибка на нашей стороне', 'Запустите просмотр ещё раз. Если не помогает, напишите в поддержку.'], en: ['An error on our side', 'Start the preview again. If that does not help, write to support.'] }
const portalWords: Words = { ru: ['Портал не дал прочитать лиды', 'Битрикс24 не отвечает или отказывает. Запустите просмотр позже.'], en: ['The portal did not let the leads be read', 'Bitrix24 does not answer or refuses. Start the preview later.'] }

/** `regulation`: the draft it is about, for the names of its steps. */
export const previewView = ({ revision, applies, status, done, total, result, problem }: StoredPreview, regulation: Regulation | null, names: PortalNames, language: Language): PublishPreview => {
  // One from before an update may lack a count.
  const preview = result === null ? null : { ...noChange, ...result as Preview }
  const { moment } = wordsFor(language, names.timeZone)
  const until = (at: string | null) => (at === null ? (language === 'en' ? 'No deadline.' : 'Срока нет.') : language === 'en' ? `Due ${moment(at)}.` : `Срок — ${moment(at)}.`)
  const after = ({ what, after: at, stepId }: LeadChange): string => {
    const step = regulation?.steps.find(({ id }) => id === stepId)
    const name = step === undefined ? '' : language === 'en' ? step.name.en ?? step.name.ru : step.name.ru
    if (what === 'step-lost') return language === 'en' ? 'No step stands on this stage any more: the lead is let go.' : 'На этой стадии больше нет шага: лид уйдёт из-под контроля.'
    if (what === 'step-changed') return language === 'en' ? `The lead goes to the step “${name}”. ${until(at)}` : `Лид перейдёт на шаг «${name}». ${until(at)}`
    if (what === 'stage-kept') return language === 'en' ? `The step “${name}” moves to another stage; the lead stays on it where it stands until it is moved. ${until(at)}` : `Шаг «${name}» переходит на другую стадию; лид остаётся на этом шаге на своей стадии, пока его не переведут. ${until(at)}`
    return what === 'overdue' ? `${until(at)} ${language === 'en' ? 'Overdue at once.' : 'Сразу просрочен.'}` : until(at)
  }
  return {
    revision, applies, status, done, total, problem: problem === null ? null : previewProblem(problem, language),
    counts: preview === null ? null : { open: preview.open, deadline: preview.deadline, overdue: preview.overdue, stepLost: preview.stepLost, stepChanged: preview.stepChanged, stageKept: preview.stageKept, termKept: preview.termKept, unread: preview.unread },
    leads: (preview?.leads ?? []).map(lead => ({ leadId: lead.leadId, title: lead.title, what: lead.what, before: until(lead.before), after: after(lead) })),
  }
}

export const shadowLine = ({ id, at, leadId, regulationVersion, command }: ShadowRow, names: PortalNames, language: Language): ShadowJournal['lines'][number] =>
  ({ id, at, leadId, version: regulationVersion, kind: command.kind, rule: command.because.rule, text: commandSentence(command, language, names.timeZone, user => names.people[user] ?? `№ ${user}`) })
