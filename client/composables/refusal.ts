import { nextTick } from 'vue'
import { goToAnswer } from './card-anchor.ts'
import { closing } from './card-keys.ts'
import type { CardDraft } from './useCard.ts'

/**
 * The lead is to be refused: by this reason, or by one that is still to be chosen. An earlier refusal's reason is none:
 * with it the lead would be closed before anybody has read it.
 */
export const beginRefusal = async (draft: CardDraft, reason: string | null): Promise<void> => {
  draft.edit(closing.reason, { value: reason })
  draft.edit(closing.result, { value: 'not-qualified' })
  if (reason !== null) void draft.commit()
  await nextTick()
  goToAnswer(closing.reason)
}
