/** Who was found to be the same client as a lead, in words. Pure. */
import type { DuplicateView } from '../contract/lead-view.ts'
import type { Language } from '../contract/session.ts'
import type { Duplicate, Lead } from '../domain/lead.ts'
import { byStrength, isHint } from '../domain/rules/duplicates.ts'
import type { Watch } from '../domain/watch.ts'
import { itemKey } from './visible-items.ts'

export interface DuplicateReader {
  readonly language: Language
  readonly nameOf: (userId: number) => string
  readonly urlOf: (kind: Duplicate['kind'], id: number) => string
  /** Keys (`itemKey`) of those that the reader sees on the portal; of others he learns no more than that they are there. */
  readonly visible: ReadonlySet<string>
  /** The reader works on the lead. */
  readonly mayAttach: boolean
}

/** Strongest first; what somebody has called another client, and what the lead is bound to, is left out. */
export const duplicatesView = (lead: Lead, watch: Watch, found: readonly Duplicate[], { language, nameOf, urlOf, visible, mayAttach }: DuplicateReader): DuplicateView[] => {
  const life = watch.status === 'unseen' ? undefined : watch.life
  const others = new Set(life?.duplicatesSeen?.filter(key => key.startsWith('not:')) ?? [])
  const bound = new Set([...(lead.clients ?? []).map(({ kind, id }) => `${kind} ${id}`), ...lead.boundTo ?? []])
  return byStrength(found).filter(({ kind, id }) => !others.has(`not:${kind}:${id}`) && !bound.has(`${kind} ${id}`)).map((duplicate) => {
    const { kind, id, title, by, open, responsibleId } = duplicate
    const isVisible = visible.has(itemKey(duplicate))
    return {
      kind, id, open,
      title: isVisible ? title : unseen[language],
      because: capital(by.map(sign => signs[sign][language]).join(', ')),
      isHint: isHint(duplicate),
      responsible: responsibleId === null || !isVisible ? null : { id: responsibleId, name: nameOf(responsibleId) },
      url: urlOf(kind, id),
      attachable: kind !== 'lead' && isVisible && mayAttach,
    }
  })
}

const unseen: Readonly<Record<Language, string>> = { ru: 'Эта карточка вам не видна', en: 'You cannot see this card' }

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const signs: Readonly<Record<Duplicate['by'][number], Readonly<Record<Language, string>>>> = {
  inn: { ru: 'тот же ИНН', en: 'the same taxpayer number' },
  phone: { ru: 'тот же телефон', en: 'the same phone' },
  email: { ru: 'тот же e-mail', en: 'the same e-mail' },
  name: { ru: 'похожее название', en: 'a similar name' },
}
