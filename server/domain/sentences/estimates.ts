/** What a simulation had to assume, in words. */
import type { Estimate } from '../simulate/estimates.ts'

export const estimateSentence = (estimate: Estimate, language: 'ru' | 'en'): string => sentences[estimate][language]

const sentences: Readonly<Record<Estimate, Readonly<Record<'ru' | 'en', string>>>> = {
  'answers': { ru: 'История ответов в карточке не хранится: считается, что нынешние ответы дали, когда лид уходил с шага, который их спрашивает, а если он с него не уходил — при последнем изменении лида.', en: 'The history of the card’s answers is not kept: the present answers are taken for given when the lead left the step that asks for them, or, if it never left it, at its last change.' },
  'responsible': { ru: 'История ответственных не хранится: считается, что лид всё время вёл нынешний ответственный.', en: 'The history of responsible people is not kept: the present one is taken to have had the lead all the time.' },
  'presence': { ru: 'Кто тогда был в отпуске или болел, неизвестно: считается, что все были на месте.', en: 'Who was on holiday or ill then is not known: everybody is taken for present.' },
  'day-open': { ru: 'Кто тогда открыл рабочий день, неизвестно: считается, что все работали в своё рабочее время.', en: 'Who had opened his working day then is not known: everybody is taken to have worked in his working time.' },
  'calendar': { ru: 'Рабочий календарь взят таким, какой он сейчас.', en: 'The working calendar is taken as it is now.' },
  'people': { ru: 'Сотрудники и отделы взяты такими, какие они сейчас; уволенный с тех пор считается работавшим, пока за ним был лид.', en: 'People and departments are taken as they are now; whoever has left since is taken to have worked while he had a lead.' },
  'delivery': { ru: 'Считается, что сообщения приходят сразу, а в тихие часы — когда те закончатся.', en: 'Messages are taken to arrive at once, or, in quiet hours, when these are over.' },
  'clicks': { ru: 'Нажатия во вкладке лида («Взять себе», «Ждать», «Не дозвонился») для прошлого неизвестны.', en: 'What people clicked in the lead tab (“Take it”, “Wait”, “Not reached”) is not known of the past.' },
  'task-closing': { ru: 'Считается, что задачу шага закрывали, когда лид уходил с этого шага.', en: 'The task of a step is taken to have been closed when the lead left the step.' },
  'after-gate': { ru: 'Что было бы с лидом после возврата, неизвестно: до его следующего перемещения ничего не считается.', en: 'What would have become of a lead that is sent back is not known: nothing of it is counted until its next move.' },
  'deleted-leads': { ru: 'Удалённых и объединённых лидов на портале больше нет, они не учтены.', en: 'Deleted and merged leads are no longer on the portal and are not counted.' },
  'leads-before': { ru: 'Лиды, пришедшие до начала периода, не проверялись.', en: 'Leads that came before the period were not tried.' },
  'loads-before': { ru: 'Нагрузка на начало периода — это лиды, которые тогда были в работе; считается, что их вели нынешние ответственные и ни один из этих лидов не ждал.', en: 'The load at the beginning of the period is the leads that were in work then; the present responsible people are taken to have had them, and none of them is taken to have been waiting.' },
  'loads-before-cut': { ru: 'Лидов, открытых на начало периода, слишком много: учтены только самые новые из них.', en: 'Too many leads were open when the period began: only the newest of them are counted.' },
  'day-begun': { ru: 'Период начинается посреди дня: сколько лидов сотрудники уже получили в тот день, неизвестно, и дневные лимиты отсчитаны от начала периода.', en: 'The period begins in the middle of a day: how many leads people had got that day already is not known, and daily limits are counted from the beginning of the period.' },
  'ledgers-before': { ru: 'Чья очередь была в начале периода, неизвестно: считается, что до него все получили поровну.', en: 'Whose turn it was when the period began is not known: before it, everybody is taken to have got his equal share.' },
  'misses-before': { ru: 'Пропуски до начала периода неизвестны: счёт пропусков у каждого начинается с нуля.', en: 'Misses before the period are not known: everybody’s count of misses begins at nought.' },
  'take-in-time': { ru: 'Если лид не начали вовремя, неизвестно, как поступил бы следующий сотрудник: считается, что так же.', en: 'Where a lead was not begun in time, it is not known what the next person would have done: he is taken to have done the same.' },
  'duplicates': { ru: 'Дубли и клиенты прошлых лидов не искались.', en: 'Duplicates and clients of the past leads were not looked for.' },
  'gate-quotes': { ru: 'Когда отправляли предложения, неизвестно: это условие считается выполненным.', en: 'When offers were sent is not known: this condition is taken for met.' },
  'gate-requisites': { ru: 'Когда заполняли реквизиты, неизвестно: это условие считается выполненным.', en: 'When requisites were filled in is not known: this condition is taken for met.' },
  'stage-history': { ru: 'У части лидов нет истории стадий: считается, что они всё время стояли на нынешней стадии.', en: 'Some leads have no stage history: they are taken to have stood on their present stage all the time.' },
  'calls': { ru: 'Статистика звонков недоступна: дозвонились ли и сколько говорили, неизвестно; закрытый звонок считается контактом.', en: 'Call statistics cannot be read: whether anybody was reached, and for how long, is not known; a completed call counts as a contact.' },
  'conversions': { ru: 'Конвертировали тогда в самом Битрикс24: нарушением это не считается.', en: 'Leads were converted in Bitrix24 itself then: this is not counted as past the application.' },
  'activities-cut': { ru: 'У части лидов прочитаны только первые 300 дел.', en: 'Of some leads only the first 300 activities were read.' },
}
