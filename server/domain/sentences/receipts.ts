/** The words of receipts in both languages. */
import type { Candidate, ContactBasis, Reason } from '../command.ts'
import type { LadderRung } from '../regulation.ts'
import type { Receipt } from '../receipt.ts'
import { rungs as englishRungs, verdicts as englishVerdicts } from './english/parts.ts'
import { rungs as russianRungs, verdicts as russianVerdicts } from './russian/parts.ts'
import { counted, plural } from './words.ts'

type Term = 'first-contact' | 'finish' | 'again'
type ChoiceRule = Extract<Reason['rule'], `distribution-${string}` | 'taken-by-member' | 'responsible-changed'>

export interface ReceiptWords {
  readonly titles: Readonly<Record<Receipt['about'], string>>
  readonly terms: Readonly<Record<Term, string>>
  readonly bases: Readonly<Record<ContactBasis, string>>
  readonly choices: Readonly<Record<ChoiceRule, string>>
  readonly verdicts: Readonly<Record<Exclude<Candidate['verdict'], 'chosen'>, string>>
  readonly rungs: Readonly<Record<LadderRung, string>>
  readonly skipped: Readonly<Record<'nobody' | 'dismissed' | 'told', string>>
  readonly contactStops: Readonly<Record<Term, string>>
  readonly standing: (candidate: Candidate) => string
  readonly ownCalendar: (id: string) => string
  readonly betterThere: (basis: string) => string
  readonly otherData: (basis: string, span: string) => string
  readonly gateOpen: (step: string) => string
  readonly repeated: (misses: number, days: number) => string
  readonly ladder: (rungs: string) => string
  readonly what: string
  readonly contactData: string
  readonly span: string
  readonly startedAt: string
  readonly dueAt: string
  readonly movedFrom: string
  readonly noticedAt: string
  readonly calendar: string
  readonly commonCalendar: string
  readonly ownCalendars: string
  readonly notHis: string
  readonly deadlineClass: string
  readonly noClass: string
  readonly unanswered: string
  readonly notThere: string
  readonly sharedNumber: string
  readonly waitingPauses: string
  readonly moveInTask: string
  readonly otherResponsible: string
  readonly chosenBy: string
  readonly candidates: string
  readonly doesNotApply: string
  readonly switchedOff: string
  readonly somebodyComes: string
  readonly presence: string
  readonly limits: string
  readonly chosenByHand: string
  readonly needs: string
  readonly met: string
  readonly notMet: string
  readonly notTold: string
  readonly neverTold: string
  readonly askedAgain: string
  readonly meetAll: string
  readonly allowMove: string
  readonly whose: string
  readonly counts: string
  readonly systemDelay: string
  readonly whenDelivered: string
  readonly testLead: string
  readonly answerEnds: string
  readonly convertedBy: string
  readonly convertedAt: string
  readonly countsNowhere: string
  readonly noAnswer: string
  readonly gapsGone: string
  readonly pastNoted: string
  readonly acknowledging: string
  readonly rung: string
  readonly told: string
  readonly after: string
  readonly roles: string
  readonly misses: string
  readonly threshold: string
  readonly countingAnew: string
}

const debt = (value: number): string => (value > 0 ? `+${value}` : String(value).replace('-', '−'))

const russian: ReceiptWords = {
  titles: { deadline: 'Почему такой срок', responsible: 'Почему такой ответственный', gate: 'Что нужно, чтобы перейти дальше', incident: 'Почему записан пропуск', escalation: 'Почему сообщили о пропуске', other: 'Почему так решено' },
  terms: { 'first-contact': 'первый контакт с клиентом', finish: 'карточка с результатом', again: 'новый срок' },
  bases: { phone: 'телефон', messenger: 'мессенджер', email: 'только e-mail', nothing: 'контактных данных нет' },
  choices: {
    'distribution-in-turn': 'очередь в группе', 'distribution-least-loaded': 'наименьшая загрузка', 'distribution-weighted': 'доли в группе', 'distribution-nobody': 'запасной ответственный',
    'distribution-kept': 'уже назначенный сотрудник группы', 'distribution-caller': 'сотрудник, который говорил с клиентом', 'distribution-client': 'ответственный за клиента', 'distribution-person': 'ответственный за канал',
    'taken-by-member': 'сотрудник взял лид сам', 'responsible-changed': 'ответственного выбрал человек',
  },
  verdicts: russianVerdicts,
  rungs: russianRungs,
  skipped: { nobody: 'никто не указан', dismissed: 'больше не работает', told: 'уже знает о пропуске' },
  contactStops: {
    'first-contact': 'Состоявшийся контакт с клиентом заменит этот срок сроком результата.',
    finish: 'Результат в карточке завершит шаг.',
    again: 'Результат в карточке завершит шаг.',
  },
  standing: ({ name, debt: value, open }) => `${name}: баланс ${debt(value)}${open === undefined ? '' : `, открытых лидов ${open}`}`,
  ownCalendar: id => `свой календарь «${id}»`,
  betterThere: basis => `есть более быстрый способ связи: ${basis}`,
  otherData: (basis, span) => `При других контактных данных (${basis}) на первый контакт отводится ${span} рабочего времени.`,
  gateOpen: step => `Всё, что нужно для выхода с шага «${step}», есть.`,
  repeated: (misses, days) => `${plural(misses, ['пропуск', 'пропуска', 'пропусков'])} за ${plural(days, ['день', 'дня', 'дней'])}`,
  ladder: rungs => `Если пропуск не отработать, о нём узнают: ${rungs} рабочего времени.`,
  what: 'Что нужно сделать', contactData: 'Контактные данные', span: 'Рабочее время', startedAt: 'Отсчёт', dueAt: 'Срок', movedFrom: 'Прежний срок', noticedAt: 'Замечен',
  calendar: 'Календарь', commonCalendar: 'общий', ownCalendars: 'Свои календари', notHis: 'у ответственного и его отдела своего календаря нет',
  deadlineClass: 'Класс сроков канала', noClass: 'для канала этого лида особых сроков нет', unanswered: 'Пропусков подряд без ответа', notThere: 'не указан', sharedNumber: 'номер общий, а с кем говорить, не указано',
  waitingPauses: 'Ожидание до даты приостановит срок.', moveInTask: 'Срок можно перенести в задаче, если это разрешает шаг.', otherResponsible: 'Новый ответственный получит срок по своему календарю.',
  chosenBy: 'Правило', candidates: 'Группа', doesNotApply: 'подходящего сотрудника нет', switchedOff: 'правило выключено',
  somebodyComes: 'Когда кто-то из группы придёт на работу, лид будет распределён автоматически.', presence: 'Те, кого сейчас нет, участвуют в распределении, когда выйдут на работу.',
  limits: 'Тот, у кого лидов уже достаточно, снова получит лиды, когда закроет часть из них или начнётся новый день.', chosenByHand: 'Если ответственного выберет человек, лид останется за ним.',
  needs: 'Условий', met: 'Выполнено', notMet: 'не выполнено', notTold: 'портал не сообщил, никому не засчитано', neverTold: 'портал этого не сообщает, не проверяется', askedAgain: 'Портал будет спрошен снова; если он промолчит весь рабочий день, лид пойдёт дальше без этой проверки.',
  meetAll: 'Когда все условия будут выполнены, лид можно перевести дальше.', allowMove: 'Руководитель может разрешить переход без них.',
  whose: 'Чей пропуск', counts: 'Учёт', systemDelay: 'замечен с опозданием по вине системы, сотруднику не засчитан', whenDelivered: 'засчитывается, когда доставлено сообщение', testLead: 'лид проверочный, никому не засчитывается',
  convertedBy: 'Кто сконвертировал', convertedAt: 'Когда', countsNowhere: 'никому не засчитывается', noAnswer: 'обязательного ответа нет',
  gapsGone: 'Когда ответы даны, а сделка, клиент и телефоны в порядке, замечание снимается.', pastNoted: 'Если конвертацию принял к сведению кто-то из руководителей, замечание тоже снимается.',
  answerEnds: 'Контакт, результат или переход на другую стадию закроют пропуск.', acknowledging: 'Если пропуск принял к сведению кто-то из руководителей, о нём больше никому не сообщают; отметка самого ответственного этого не меняет.',
  rung: 'Ступень', told: 'Кому сообщено', after: 'Через рабочее время', roles: 'Кто стоит на ступени, задаётся в ролях регламента и в структуре компании.',
  misses: 'Пропусков', threshold: 'Порог', countingAnew: 'После сообщения счёт пропусков начинается заново.',
}

const english: ReceiptWords = {
  titles: { deadline: 'Why this deadline', responsible: 'Why this person', gate: 'What is needed to go on', incident: 'Why a miss was recorded', escalation: 'Why the miss was reported', other: 'Why it was decided so' },
  terms: { 'first-contact': 'first contact with the client', finish: 'card with its result', again: 'new term' },
  bases: { phone: 'phone', messenger: 'messenger', email: 'e-mail only', nothing: 'no contact data' },
  choices: {
    'distribution-in-turn': 'turns in the group', 'distribution-least-loaded': 'smallest load', 'distribution-weighted': 'parts in the group', 'distribution-nobody': 'fallback person',
    'distribution-kept': 'member of the group who has it already', 'distribution-caller': 'whoever talked to the client', 'distribution-client': 'the client’s responsible', 'distribution-person': 'the channel’s person',
    'taken-by-member': 'taken by a member', 'responsible-changed': 'chosen by a person',
  },
  verdicts: englishVerdicts,
  rungs: englishRungs,
  skipped: { nobody: 'nobody is named', dismissed: 'no longer works here', told: 'knows of the miss already' },
  contactStops: {
    'first-contact': 'A contact with the client replaces this deadline by that of the result.',
    finish: 'A result in the card ends the step.',
    again: 'A result in the card ends the step.',
  },
  standing: ({ name, debt: value, open }) => `${name}: balance ${debt(value)}${open === undefined ? '' : `, ${counted(open, 'open lead')}`}`,
  ownCalendar: id => `own calendar “${id}”`,
  betterThere: basis => `there is a faster way to reach the client: ${basis}`,
  otherData: (basis, span) => `With other contact data (${basis}) the first contact gets ${span} of working time.`,
  gateOpen: step => `All that is needed to leave the step “${step}” is there.`,
  repeated: (misses, days) => `${misses} ${misses === 1 ? 'miss' : 'misses'} within ${counted(days, 'day')}`,
  ladder: rungs => `While the miss is open, these are told: ${rungs} of working time.`,
  what: 'To be done', contactData: 'Contact data', span: 'Working time', startedAt: 'Counted from', dueAt: 'Deadline', movedFrom: 'Earlier deadline', noticedAt: 'Noticed',
  calendar: 'Calendar', commonCalendar: 'common', ownCalendars: 'Own calendars', notHis: 'neither the responsible nor his department has one',
  deadlineClass: 'Class of deadlines', noClass: 'the channel of this lead has no spans of its own', unanswered: 'Misses in a row without an answer', notThere: 'not given', sharedNumber: 'a shared number, and no person is named',
  waitingPauses: 'Waiting until a date pauses the deadline.', moveInTask: 'The deadline may be moved in the task where the step allows it.', otherResponsible: 'Another responsible gets a deadline by his own calendar.',
  chosenBy: 'Rule', candidates: 'Group', doesNotApply: 'nobody suitable', switchedOff: 'the rule is switched off',
  somebodyComes: 'When somebody of the group comes to work, the lead is assigned automatically.', presence: 'Those who are away take part again when they come to work.',
  limits: 'Whoever has enough leads gets more when he has closed some of them or a new day begins.', chosenByHand: 'If a person chooses the responsible, the lead stays with him.',
  needs: 'Needs', met: 'Met', notMet: 'not met', notTold: 'the portal has not told, held against nobody', neverTold: 'the portal does not tell, not checked', askedAgain: 'The portal is asked again; if it does not tell for a working day, the lead goes on without this check.',
  meetAll: 'When all of them are met, the lead may go on.', allowMove: 'The head may allow the move without them.',
  whose: 'Whose miss', counts: 'Counting', systemDelay: 'noticed late by the system, not counted against the person', whenDelivered: 'counts once the message is delivered', testLead: 'a test lead, counted against nobody',
  convertedBy: 'Converted by', convertedAt: 'When', countsNowhere: 'counts for nobody', noAnswer: 'the obligatory answer is missing',
  gapsGone: 'Once the answers are given, and deal, client and phones are in order, the remark is closed.', pastNoted: 'It is closed as well when somebody above has taken note of the conversion.',
  answerEnds: 'A contact, a result or a move to another stage closes the miss.', acknowledging: 'Once somebody above the responsible acknowledges the miss, nobody else is told of it; his own acknowledgement does not stop that.',
  rung: 'Rung', told: 'Told', after: 'After working time', roles: 'Who stands on a rung is set in the roles of the regulation and in the company’s structure.',
  misses: 'Misses', threshold: 'Threshold', countingAnew: 'After the report counting begins anew.',
}

export const receiptWords: Readonly<Record<'ru' | 'en', ReceiptWords>> = { ru: russian, en: english }
