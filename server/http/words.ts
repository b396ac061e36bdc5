/** Sentences of refusals, for people. Titles say what happened, details what to do. */
import type { Language } from '../contract/session.ts'

export type Refusal =
  | 'malformed' | 'too-large' | 'not-a-form' | 'not-json' | 'not-found' | 'method-not-allowed'
  | 'session-missing' | 'session-expired' | 'administrators-only' | 'not-proved' | 'address-refused' | 'application-denied'
  | 'authorisation-unavailable' | 'portal-unknown' | 'portal-suspended' | 'open-inside-portal'
  | 'lead-not-visible' | 'card-invalid' | 'card-not-here' | 'card-closed' | 'portal-refused' | 'portal-denied' | 'portal-busy'
  | 'portal-unavailable' | 'portal-outcome-unknown' | 'portal-unpaid' | 'portal-disconnected' | 'internal'

interface Words { readonly status: number; readonly ru: readonly [string, string]; readonly en: readonly [string, string] }

const table: Readonly<Record<Refusal, Words>> = {
  'malformed': { status: 400,
    ru: ['Запрос не разобран', 'В запросе не хватает обязательных данных или они записаны неверно.'],
    en: ['The request was not understood', 'Something obligatory is missing in the request or written wrongly.'] },
  'too-large': { status: 413,
    ru: ['Запрос слишком большой', 'Сократите текст и повторите.'],
    en: ['The request is too large', 'Shorten the text and try again.'] },
  'not-a-form': { status: 415,
    ru: ['Ожидались данные формы', 'Сюда обращается только Битрикс24, и присылает он данные формы.'],
    en: ['Form data was expected', 'Only Bitrix24 asks here, and it sends form data.'] },
  'not-json': { status: 415,
    ru: ['Ожидался JSON', 'Пришлите данные в формате JSON с заголовком Content-Type: application/json.'],
    en: ['JSON was expected', 'Send JSON with the header Content-Type: application/json.'] },
  'not-found': { status: 404,
    ru: ['Ничего не найдено', 'Такого адреса здесь нет.'],
    en: ['Nothing found', 'There is no such address here.'] },
  'method-not-allowed': { status: 405,
    ru: ['Так сюда обращаться нельзя', 'Допустимые способы обращения названы в заголовке Allow.'],
    en: ['This cannot be asked in this way', 'The header Allow names the ways that are possible.'] },
  'open-inside-portal': { status: 405,
    ru: ['Откройте приложение в Битрикс24', 'Эта страница работает внутри Битрикс24: откройте приложение Leadrail в левом меню портала или вкладку в карточке лида.'],
    en: ['Open the application inside Bitrix24', 'This page works inside Bitrix24: open Leadrail from the left menu of your portal, or its tab in a lead.'] },
  'session-missing': { status: 401,
    ru: ['Нужно войти', 'Откройте страницу из Битрикс24 заново.'],
    en: ['You are not signed in', 'Open the page from Bitrix24 again.'] },
  'session-expired': { status: 401,
    ru: ['Сеанс закончился', 'Обновите страницу: вход произойдёт сам.'],
    en: ['The session has ended', 'Reload the page: you will be signed in again.'] },
  'administrators-only': { status: 403,
    ru: ['Только для администратора', 'Это может сделать администратор портала Битрикс24.'],
    en: ['For administrators only', 'An administrator of the Bitrix24 portal can do this.'] },
  'not-proved': { status: 403,
    ru: ['Битрикс24 не подтвердил вход', 'Сервер авторизации Битрикс24 не подтвердил, что страница открыта с этого портала. Закройте её и откройте из Битрикс24 заново.'],
    en: ['Bitrix24 did not confirm the sign-in', 'The Bitrix24 authorisation server did not confirm that this page was opened on this portal. Close it and open it from Bitrix24 again.'] },
  'address-refused': { status: 400,
    ru: ['Адрес портала не подходит', 'Портал должен быть доступен из интернета по https под своим именем.'],
    en: ['The portal\'s address cannot be used', 'A portal must be reachable from the internet by https under its own name.'] },
  'application-denied': { status: 403,
    ru: ['Нет доступа к приложению', 'Администратор портала не открыл вам доступ к этому приложению. Попросите его об этом.'],
    en: ['No access to the application', 'The administrator of the portal has not given you access to this application. Ask him for it.'] },
  'authorisation-unavailable': { status: 503,
    ru: ['Сервер авторизации Битрикс24 не отвечает', 'Подождите минуту и откройте страницу ещё раз. Ничего не потеряно и не изменено.'],
    en: ['The Bitrix24 authorisation server does not answer', 'Wait a minute and open the page again. Nothing is lost or changed.'] },
  'portal-unknown': { status: 403,
    ru: ['Приложение ещё не установлено', 'Установку должен завершить администратор портала: попросите его открыть приложение.'],
    en: ['The application is not installed yet', 'An administrator of the portal has to finish the installation: ask him to open the application.'] },
  'portal-suspended': { status: 403,
    ru: ['Связь с порталом потеряна', 'Чтобы Leadrail снова заработал, администратору портала достаточно открыть приложение.'],
    en: ['The connection with the portal is lost', 'An administrator of the portal only has to open the application for Leadrail to work again.'] },
  'lead-not-visible': { status: 404,
    ru: ['Лид не найден', 'Лида нет, или у вас нет права его видеть.'],
    en: ['The lead was not found', 'There is no such lead, or you have no right to see it.'] },
  'card-invalid': { status: 422,
    ru: ['Проверьте ответы', 'Ничего не сохранено: исправьте отмеченные ответы и сохраните снова.'],
    en: ['Check the answers', 'Nothing has been saved: correct the marked answers and save again.'] },
  'card-not-here': { status: 409,
    ru: ['Карточки здесь нет', 'Для этого портала ещё не опубликован регламент с карточкой квалификации.'],
    en: ['There is no card here', 'No regulation with a qualification card has been published for this portal yet.'] },
  'card-closed': { status: 409,
    ru: ['Карточка закрыта', 'Работа с лидом по регламенту завершена, поэтому ответы не сохранены. Нужное можно записать в комментарий лида.'],
    en: ['The card is closed', 'The work on this lead under the regulation is over, so the answers were not saved. What matters can go into a comment of the lead.'] },
  'portal-refused': { status: 422,
    ru: ['Битрикс24 не принял изменения', 'Портал вернул отказ.'],
    en: ['Bitrix24 did not accept the changes', 'The portal refused.'] },
  'portal-denied': { status: 403,
    ru: ['Недостаточно прав в Битрикс24', 'У вас нет права на это действие с лидом. Попросите администратора портала.'],
    en: ['Not enough rights in Bitrix24', 'You have no right to do this with the lead. Ask the administrator of the portal.'] },
  'portal-busy': { status: 503,
    ru: ['Портал сейчас перегружен', 'Битрикс24 просит подождать. Повторите через минуту: введённое не потеряно.'],
    en: ['The portal is busy', 'Bitrix24 asks to wait. Try again in a minute: what you entered is not lost.'] },
  'portal-unavailable': { status: 503,
    ru: ['Портал не отвечает', 'Битрикс24 не ответил. Повторите через минуту: введённое не потеряно.'],
    en: ['The portal does not answer', 'Bitrix24 did not answer. Try again in a minute: what you entered is not lost.'] },
  'portal-outcome-unknown': { status: 503,
    ru: ['Неизвестно, сохранилось ли', 'Битрикс24 не ответил, и изменения могли сохраниться. Обновите страницу и проверьте.'],
    en: ['It is not known whether this was saved', 'Bitrix24 did not answer, and the changes may have been saved. Reload the page and look.'] },
  'portal-unpaid': { status: 403,
    ru: ['Подписка закончилась', 'Битрикс24 не пускает приложение, пока не оплачена подписка.'],
    en: ['The subscription is over', 'Bitrix24 keeps the application out until the subscription is paid.'] },
  'portal-disconnected': { status: 403,
    ru: ['Приложение отключено от портала', 'Администратору портала нужно установить приложение заново.'],
    en: ['The application is disconnected from the portal', 'An administrator of the portal has to install the application again.'] },
  'internal': { status: 500,
    ru: ['Ошибка на нашей стороне', 'Повторите позже. Если не помогает, напишите в поддержку и назовите время.'],
    en: ['An error on our side', 'Try again later. If that does not help, write to support and name the time.'] },
}

/** Status and sentences of a refusal. */
export const wordsOf = (refusal: Refusal, language: Language): { status: number; title: string; detail: string } => {
  const { status, [language]: [title, detail] } = table[refusal]
  return { status, title, detail }
}

/** Why a portal is not served, by the code noted with it. */
const suspensions: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  'auth-lost': { ru: 'Битрикс24 больше не принимает доступ приложения: администратор, который его открыл, уволен или лишён прав, либо приложением долго не пользовались.', en: 'Bitrix24 no longer accepts the application’s access: the administrator who gave it has left or lost his rights, or the application was not used for long.' },
  'payment-required': { ru: 'Закончилась подписка Битрикс24, и портал не пускает приложения.', en: 'The Bitrix24 subscription is over, and the portal keeps applications out.' },
  'app-uninstalled': { ru: 'Приложение удалено с портала.', en: 'The application has been removed from the portal.' },
  'portal-deleted': { ru: 'Портал закрыт или не существует.', en: 'The portal is closed or does not exist.' },
}

export const suspensionInWords = (reason: string | null, language: Language): string | null =>
  (reason === null ? null : suspensions[reason]?.[language] ?? (language === 'ru' ? 'Битрикс24 не пускает приложение.' : 'Bitrix24 keeps the application out.'))

/** Bitrix24's interface languages: Russian for those who read it, English for everyone else. */
export const languageOf = (code: string | null | undefined): Language =>
  /^(ru|by|kz|ua|be|uk|kk)\b/i.test(code ?? '') ? 'ru' : 'en'
