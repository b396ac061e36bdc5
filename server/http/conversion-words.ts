/** What a conversion says of itself while it runs and when it is over. */
import type { Language } from '../contract/session.ts'
import { endOfConversion, leftOfConversion, portalSays } from '../domain/sentences/conversion/ended.ts'
import { leftOf } from '../jobs/convert-way.ts'
import type { PortalErrorCode } from '../portal/error.ts'
import type { ConversionStatus, StoredConversion } from '../store/conversions.ts'

interface Told { readonly sentence: string; readonly advice: string | null }
type Words = Readonly<Record<Language, readonly [string, string | null]>>

const running: Words = { ru: ['Конвертация идёт.', 'Окно можно закрыть: она закончится сама.'], en: ['The conversion is under way.', 'You may close this window: it ends by itself.'] }
const undoing: Words = { ru: ['Конвертация отменяется.', 'Окно можно закрыть: отмена закончится сама.'], en: ['The conversion is being undone.', 'You may close this window: it ends by itself.'] }
const undone: Words = { ru: ['Конвертация отменена, лид возвращён в работу.', null], en: ['The conversion has been undone, and the lead is back in work.', null] }
const undoneOnSuccess: Words = { ru: ['Конвертация отменена, лид остался на стадии успеха.', null], en: ['The conversion has been undone; the lead stays on its success stage.', null] }
const takingBack: Words = { ru: ['Конвертация не удалась, созданное убирается.', null], en: ['The conversion did not succeed; what was made is being removed.', null] }

const notAnswering: Words = {
  ru: ['Портал не отвечает, попытка повторится.', 'Окно можно закрыть: работа продолжится сама, как только портал ответит.'],
  en: ['The portal does not answer; it will be tried again.', 'You may close this window: the work goes on by itself as soon as the portal answers.'],
}

type Telling = Pick<StoredConversion, 'status' | 'why' | 'whyWords' | 'failures' | 'steps'>

/** What has happened and what to do, with the portal's own words where it refused. */
export const toldOf = (conversion: Telling, language: Language): Told => {
  const { status, why, whyWords } = conversion
  const isOnSuccess = status === 'undone' && conversion.steps.some(({ step }) => step.kind === 'finish-lead' && step.from === step.to)
  const [sentence, advice] = isOnSuccess ? undoneOnSuccess[language] : wordsOf(status, why, language)
  if (conversion.failures > 0 && isMoving(status)) return { sentence: `${sentence} ${notAnswering[language][0]}`, advice: notAnswering[language][1] }
  const rest = leftOf(conversion)
  const saying = whyWords === null || (status === 'done' && why !== 'not-reopened') || status === 'undone' ? null : `${portalSays[language]} ${whyWords}`
  return { sentence: [sentence, rest === null ? null : leftOfConversion[rest][language], saying].filter(part => part !== null).join(' '), advice }
}

const isMoving = (status: ConversionStatus): boolean => status === 'running' || status === 'taking-back' || status === 'undoing'

const wordsOf = (status: ConversionStatus, why: string | null, language: Language): readonly [string, string | null] => {
  switch (status) {
    case 'running': return running[language]
    case 'undoing': return undoing[language]
    case 'undone': return undone[language]
    case 'taking-back': return takingBack[language]
    case 'done': case 'held': case 'taken-back': return endOfConversion({ ended: status, why }, language)
  }
}

export const keptBecause: Readonly<Record<'touched' | 'refused', Readonly<Record<Language, string>>>> = {
  touched: { ru: 'Изменено после конвертации или связано с другими объектами, поэтому остаётся.', en: 'It was changed after the conversion or is linked with other objects, so it stays.' },
  refused: { ru: 'Битрикс24 не разрешает это убрать.', en: 'Bitrix24 does not let it be removed.' },
}

/** A refusal for which the portal has no words of its own. */
const refusals: Readonly<Record<PortalErrorCode, Readonly<Record<Language, string>>>> = {
  'access-denied': { ru: 'Недостаточно прав в Битрикс24.', en: 'Not enough rights in Bitrix24.' },
  'not-found': { ru: 'Этого на портале больше нет.', en: 'It is no longer on the portal.' },
  'invalid': { ru: 'Битрикс24 не принял данные.', en: 'Bitrix24 did not accept the data.' },
  'rate-limited': { ru: 'Битрикс24 просит подождать.', en: 'Bitrix24 asks to wait.' },
  'method-blocked': { ru: 'Битрикс24 просит подождать.', en: 'Bitrix24 asks to wait.' },
  'overloaded': { ru: 'Битрикс24 просит подождать.', en: 'Bitrix24 asks to wait.' },
  'unavailable': { ru: 'Битрикс24 не ответил.', en: 'Bitrix24 did not answer.' },
  'unknown-outcome': { ru: 'Битрикс24 не ответил.', en: 'Bitrix24 did not answer.' },
  'expired-token': { ru: 'Битрикс24 не принял доступ приложения.', en: 'Bitrix24 did not accept the application’s access.' },
  'auth-lost': { ru: 'Битрикс24 не принял доступ приложения.', en: 'Bitrix24 did not accept the application’s access.' },
  'payment-required': { ru: 'Закончилась подписка Битрикс24.', en: 'The Bitrix24 subscription is over.' },
  'app-uninstalled': { ru: 'Приложение удалено с портала.', en: 'The application has been removed from the portal.' },
  'portal-deleted': { ru: 'Портал закрыт или не существует.', en: 'The portal is closed or does not exist.' },
  'unexpected': { ru: 'Битрикс24 ответил непонятно.', en: 'Bitrix24 gave an answer that could not be understood.' },
}

/** What was noted with a step, for people: a code is told in words, the portal's own words stay as they are. */
export const notedInWords = (noted: string, language: Language): string => {
  if (noted === 'touched' || noted === 'refused') return keptBecause[noted][language]
  if (isCode(noted)) return refusals[noted][language]
  return isPortalsCode(noted) ? unexplained[language](noted) : noted
}

/** `ERROR_CORE`, `100`: names of the portal for its developers; a field's name (`UF_…`) or a phone is none. */
const isPortalsCode = (noted: string): boolean => /^(?!UF_)(?:[A-Z]+(?:_[A-Z0-9]+)+|\d{1,4})$/.test(noted)

const unexplained: Readonly<Record<Language, (code: string) => string>> = {
  ru: code => `Битрикс24 отказал и не объяснил почему (${code}).`,
  en: code => `Bitrix24 refused and did not say why (${code}).`,
}

const isCode = (noted: string): noted is PortalErrorCode => Object.hasOwn(refusals, noted)
