/** Why something was decided, in full: what went in, which rule of which version, what did not apply, and what would change it. Pure. */
import type { CalendarPiece, Candidate, Command, ContactBasis, CoreReason, Reason } from './command.ts'
import type { Regulation } from './regulation.ts'
import { titlesIn } from './rules/gates.ts'
import type { OpenNeed } from './rules/gates.ts'
import { sentence } from './sentences.ts'
import type { Language } from './sentences.ts'
import { receiptWords } from './sentences/receipts.ts'
import type { ReceiptWords } from './sentences/receipts.ts'
import { wordsFor } from './sentences/words.ts'
import type { Words } from './sentences/words.ts'
import type { Moment } from './watch.ts'

/** A recorded command, with the version under which it was decided. */
export interface ReceiptEntry {
  readonly command: Command
  readonly version: number
  readonly at: Moment
}

export interface Receipt {
  readonly about: 'deadline' | 'responsible' | 'gate' | 'incident' | 'escalation' | 'other'
  readonly title: string
  /** When it was decided. */
  readonly at: Moment
  readonly rule: Reason['rule']
  /** The rule in whole sentences. */
  readonly because: string
  /** Version of the regulation. */
  readonly version: number
  readonly inputs: readonly { readonly name: string; readonly value: string }[]
  /** Working time that was counted, in order. */
  readonly pieces: readonly CalendarPiece[]
  /** What was looked at and did not apply. */
  readonly rejected: readonly { readonly rule: string; readonly why: string }[]
  /** One sentence each. */
  readonly changes: readonly string[]
}

/** Who reads it. */
export interface Reader {
  readonly language: Language
  readonly timeZone: string
  readonly names?: (userId: number) => string
}

type Facts = Pick<Receipt, 'about'> & Partial<Pick<Receipt, 'inputs' | 'pieces' | 'rejected' | 'changes'>>

/** The receipt of a journal entry; `regulation` is that of its version. */
export const receiptOf = ({ command, version, at }: ReceiptEntry, regulation: Regulation, reader: Reader): Receipt => {
  const said = receiptWords[reader.language]
  const facts = factsOf(command, regulation, { said, words: wordsFor(reader.language, reader.timeZone, reader.names) })
  return {
    title: said.titles[facts.about],
    at,
    rule: command.because.rule,
    because: sentence(command.because, reader.language, reader.timeZone, reader.names),
    version,
    inputs: [],
    pieces: [],
    rejected: [],
    changes: [],
    ...facts,
  }
}

interface Telling {
  readonly said: ReceiptWords
  readonly words: Words
}

const factsOf = (command: Command, regulation: Regulation, telling: Telling): Facts => {
  const { because } = command
  switch (because.rule) {
    case 'deadline':
      return deadlineFacts(because, regulation, telling)
    case 'deadline-moved':
      return movedFacts(because, telling)
    case 'distribution-in-turn':
    case 'distribution-least-loaded':
    case 'distribution-weighted':
    case 'distribution-nobody':
    case 'distribution-kept':
    case 'distribution-caller':
    case 'distribution-client':
    case 'distribution-person':
    case 'taken-by-member':
    case 'responsible-changed':
      return choiceFacts(because, regulation, telling)
    case 'gate-unmet':
      return gateFacts({ unmet: because.needs }, telling)
    case 'gate-unheard':
      return gateFacts({ unheard: because.needs }, telling)
    case 'gate-unchecked':
      return gateFacts({ [because.since === null ? 'denied' : 'unheard']: because.needs, isPassed: true }, telling)
    case 'deadline-missed':
      return command.kind === 'open-incident' ? missFacts(command, regulation, telling) : { about: 'incident' }
    case 'converted-past':
      return { about: 'other', ...pastFacts(because, telling) }
    case 'rung':
    case 'rung-skipped':
    case 'misses-repeated':
    case 'no-head':
      return { about: 'escalation', ...escalationFacts(because, regulation, telling) }
    default:
      return { about: 'other' }
  }
}

const bases = ['phone', 'messenger', 'email', 'nothing'] as const satisfies readonly ContactBasis[]

const deadlineFacts = (because: Extract<Reason, { rule: 'deadline' }>, regulation: Regulation, { said, words }: Telling): Facts => {
  const { about, basis, span, startedAt, dueAt, timeZone, pieces, calendar, deadlineClass, spans, unanswered, isShared = false } = because
  const place = basis === null ? -1 : bases.indexOf(basis)
  const other = bases.filter(one => basis !== null && one !== basis)
  return {
    about: 'deadline',
    inputs: [
      { name: said.what, value: said.terms[about] },
      ...(basis === null ? [] : [{ name: said.contactData, value: said.bases[basis] }]),
      { name: said.span, value: words.span(span) },
      { name: said.startedAt, value: words.moment(startedAt) },
      { name: said.dueAt, value: words.moment(dueAt, startedAt) },
      { name: said.calendar, value: `${calendar === undefined ? said.commonCalendar : said.ownCalendar(calendar)} (${timeZone})` },
      ...(deadlineClass === undefined ? [] : [{ name: said.deadlineClass, value: deadlineClass }]),
      ...(unanswered === undefined ? [] : [{ name: said.unanswered, value: String(unanswered) }]),
    ],
    pieces,
    rejected: [
      ...other.map(one => ({ rule: said.bases[one], why: one === 'phone' && isShared ? said.sharedNumber : bases.indexOf(one) < place ? said.notThere : said.betterThere(said.bases[basis ?? 'nothing']) })),
      ...(calendar === undefined && regulation.calendars.length > 0 ? [{ rule: said.ownCalendars, why: said.notHis }] : []),
      ...(deadlineClass === undefined && regulation.channels.some(channel => channel.deadlineClass !== null) ? [{ rule: said.deadlineClass, why: said.noClass }] : []),
    ],
    changes: [
      ...other.flatMap(one => (spans === undefined || spans[one] === span ? [] : [said.otherData(said.bases[one], words.span(spans[one]))])),
      said.contactStops[about],
      ...(regulation.waiting.allowed ? [said.waitingPauses] : []),
      ...(regulation.steps.some(({ followUp }) => followUp?.deadlineMayMove === true) ? [said.moveInTask] : []),
      said.otherResponsible,
    ],
  }
}

const movedFacts = ({ from, to }: Extract<CoreReason, { rule: 'deadline-moved' }>, { said, words }: Telling): Facts => ({
  about: 'deadline',
  inputs: [{ name: said.movedFrom, value: words.moment(from) }, { name: said.dueAt, value: words.moment(to, from) }],
  changes: [said.moveInTask],
})

type Choice = Extract<Reason, { rule: `distribution-${string}` | 'taken-by-member' | 'responsible-changed' }>

/** The claims that go before the pool, in their order: those that stand above the rule that chose did not apply. */
const claims = ['distribution-caller', 'distribution-client', 'distribution-person', 'distribution-kept'] as const

const choiceFacts = (because: Choice, { distribution }: Regulation, { said }: Telling): Facts => {
  const candidates: readonly Candidate[] = 'candidates' in because ? because.candidates ?? [] : []
  const isOn = { 'distribution-kept': distribution.keepPoolMember, 'distribution-caller': distribution.keepCaller, 'distribution-client': distribution.keepClientResponsible, 'distribution-person': true } as const
  const place = claims.findIndex(claim => claim === because.rule)
  const byHand = because.rule === 'taken-by-member' || because.rule === 'responsible-changed'
  const above = byHand || ('goesFirst' in because && because.goesFirst === true) ? [] : place === -1 ? claims : claims.slice(0, place)
  return {
    about: 'responsible',
    inputs: [
      { name: said.chosenBy, value: said.choices[because.rule] },
      ...(candidates.length === 0 ? [] : [{ name: said.candidates, value: candidates.map(said.standing).join('; ') }]),
    ],
    rejected: [
      ...above.map(claim => ({ rule: said.choices[claim], why: isOn[claim] ? said.doesNotApply : said.switchedOff })),
      ...candidates.flatMap(({ name, verdict }) => (verdict === 'chosen' ? [] : [{ rule: name, why: said.verdicts[verdict] }])),
    ],
    changes: [
      ...(because.rule === 'distribution-nobody' ? [said.somebodyComes] : []),
      ...(candidates.some(({ verdict }) => verdict === 'absent' || verdict === 'not-at-work') ? [said.presence] : []),
      ...(candidates.some(({ verdict }) => verdict === 'open-limit' || verdict === 'day-limit') ? [said.limits] : []),
      said.chosenByHand,
    ],
  }
}

interface GateFacts {
  readonly unmet?: readonly string[]
  readonly unheard?: readonly string[]
  readonly denied?: readonly string[]
  /** The step was left without them. */
  readonly isPassed?: boolean
}

/** A gate: the needs that are not met, and those that the portal does not tell of, in words. */
const gateFacts = ({ unmet = [], unheard = [], denied = [], isPassed = false }: GateFacts, { said }: Telling): Facts => ({
  about: 'gate',
  rejected: [...unmet.map(need => ({ rule: need, why: said.notMet })), ...unheard.map(need => ({ rule: need, why: said.notTold })), ...denied.map(need => ({ rule: need, why: said.neverTold }))],
  changes: [...(unmet.length === 0 ? [] : [said.meetAll, said.allowMove]), ...(unheard.length === 0 || isPassed ? [] : [said.askedAgain])],
})

/** The receipt of a gate as it stands now, whether anybody has tried to pass it or not; `needs` are those that are not known to be met. */
export const gateReceipt = (gate: { readonly stepName: string; readonly all: number; readonly needs: readonly Pick<OpenNeed, 'title' | 'state'>[]; readonly version: number; readonly at: Moment }, reader: Reader): Receipt => {
  const said = receiptWords[reader.language]
  const { needs, stepName } = gate
  const [unmet, unheard, denied] = [titlesIn(needs, 'unmet'), titlesIn(needs, 'unheard'), titlesIn(needs, 'denied')]
  const because: Reason = unmet.length === 0 && unheard.length > 0 ? { rule: 'gate-unheard', needs: unheard, stepName } : { rule: 'gate-unmet', needs: unmet, stepName }
  return {
    title: said.titles.gate,
    at: gate.at,
    rule: because.rule,
    because: because.needs.length === 0 ? said.gateOpen(stepName) : sentence(because, reader.language, reader.timeZone, reader.names),
    version: gate.version,
    inputs: [{ name: said.needs, value: String(gate.all) }, { name: said.met, value: String(gate.all - needs.length) }],
    pieces: [],
    rejected: [],
    changes: [],
    ...gateFacts({ unmet, unheard, denied }, { said, words: wordsFor(reader.language, reader.timeZone, reader.names) }),
  }
}

const missFacts = ({ userId, dueAt, noticedAt, systemDelay, isTest }: Extract<Command, { kind: 'open-incident' }>, { incidents }: Regulation, { said, words }: Telling): Facts => ({
  about: 'incident',
  inputs: [
    { name: said.whose, value: words.name(userId) },
    { name: said.dueAt, value: words.moment(dueAt) },
    { name: said.noticedAt, value: words.moment(noticedAt, dueAt) },
    { name: said.counts, value: isTest === true ? said.testLead : systemDelay ? said.systemDelay : said.whenDelivered },
  ],
  rejected: isTest === true || systemDelay ? [{ rule: said.repeated(incidents.misses, incidents.windowDays), why: isTest === true ? said.testLead : said.systemDelay }] : [],
  changes: [said.answerEnds, ...(incidents.ladder.length === 0 ? [] : [said.ladder(incidents.ladder.map(({ rung, after }) => `${said.rungs[rung]} — ${words.span(after)}`).join(', ')), said.acknowledging])],
})

/** It is counted for nobody. */
const pastFacts = ({ byUserId, at, titles }: Extract<Reason, { rule: 'converted-past' }>, { said, words }: Telling): Omit<Facts, 'about'> => ({
  inputs: [
    ...(byUserId === null ? [] : [{ name: said.convertedBy, value: words.name(byUserId) }]),
    ...(at === null ? [] : [{ name: said.convertedAt, value: words.moment(at) }]),
    { name: said.counts, value: said.countsNowhere },
  ],
  rejected: titles.map(title => ({ rule: title, why: said.noAnswer })),
  changes: [said.gapsGone, said.pastNoted],
})

const escalationFacts = (because: Extract<Reason, { rule: 'rung' | 'rung-skipped' | 'misses-repeated' | 'no-head' }>, { incidents }: Regulation, { said, words }: Telling): Omit<Facts, 'about'> => {
  if (because.rule === 'rung') {
    return {
      inputs: [
        { name: said.rung, value: said.rungs[because.rung] },
        { name: said.told, value: because.name },
        { name: said.dueAt, value: words.moment(because.dueAt) },
        ...(because.after === undefined ? [] : [{ name: said.after, value: words.span(because.after) }]),
      ],
      changes: [said.answerEnds, said.acknowledging],
    }
  }
  if (because.rule === 'rung-skipped') return { rejected: [{ rule: said.rungs[because.rung], why: said.skipped[because.why] }], changes: [said.roles] }
  return {
    inputs: [
      ...(because.rule === 'misses-repeated' ? [{ name: said.whose, value: because.name }, { name: said.misses, value: String(because.count) }] : []),
      { name: said.threshold, value: said.repeated(incidents.misses, incidents.windowDays) },
    ],
    rejected: because.rule === 'no-head' ? [{ rule: said.rungs.head, why: said.skipped.nobody }] : [],
    changes: [said.countingAnew],
  }
}
