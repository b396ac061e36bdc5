import type { Answer } from '../../server/contract/card.ts'

/** What is held for one question: its answer, and whether the client does not know or refused. */
export interface Held {
  readonly value: Answer | null
  readonly unknown: boolean
}

/** An answer that is not saved yet, and what the server had when editing began. */
export interface KeptDraft extends Held {
  readonly base: Held
  /** Values that were sent since then and may have been written. */
  readonly sent?: readonly Held[]
  /** Somebody else has changed the answer in the lead, and the person has not chosen yet. */
  readonly conflict?: boolean
}

export interface DraftStore {
  readonly read: () => Readonly<Record<string, KeptDraft>>
  /** False when they could not be kept: they are in the page's memory alone. */
  readonly write: (drafts: Readonly<Record<string, KeptDraft>>) => boolean
}

/** Keeps unsaved answers of one lead and one user through a reload of the page; a browser that forbids storage keeps none. */
export const openDraftStore = (place: { readonly memberId: string; readonly userId: number; readonly leadId: number }): DraftStore => {
  const storage = sessionStorageOrNull()
  const key = `leadrail:draft:${place.memberId}:${place.userId}:${place.leadId}`
  return {
    read: () => {
      const text = storage?.getItem(key) ?? null
      return text === null ? {} : parseDrafts(text)
    },
    write: (drafts) => {
      if (storage === null) return false
      if (Object.keys(drafts).length > 0) return keep(storage, key, JSON.stringify(drafts))
      storage.removeItem(key)
      return true
    },
  }
}

/** A frame with third-party storage blocked throws on the mere mention of it. */
export const sessionStorageOrNull = (): Storage | null => {
  try {
    return window.sessionStorage
  } catch (error) {
    if (error instanceof DOMException) return null
    throw error
  }
}

/** False when the quota is used up. */
export const keep = (storage: Storage, key: string, text: string): boolean => {
  try {
    storage.setItem(key, text)
    return true
  } catch (error) {
    // The quota is used up: the answers stay in memory.
    if (!(error instanceof DOMException)) throw error
    return false
  }
}

const parseDrafts = (text: string): Record<string, KeptDraft> => {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return {}
    return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, KeptDraft] => isKept(entry[1])))
  } catch (error) {
    if (error instanceof SyntaxError) return {}
    throw error
  }
}

const isKept = (value: unknown): value is KeptDraft =>
  typeof value === 'object' && value !== null && 'value' in value && 'unknown' in value && 'base' in value
