/** Somebody else was faster with the draft. */
import type { Language } from '../contract/session.ts'
import type { Draft } from '../store/drafts.ts'
import type { PortalNames } from './ports.ts'
import { Refused } from './problem.ts'
import { whoseWords } from './regulation-view.ts'

/** `draft`: the one that is there now; null when it has been published or dropped. */
export const conflict = (draft: Draft | null, names: PortalNames, language: Language): Refused =>
  new Refused('draft-newer', draft === null ? {} : { detail: whoseWords(draft, names, language) })
