/** The review that follows a click: waited for a little, never the reason why a click fails. */
import type { LeadId } from '../domain/lead.ts'
import type { Log } from '../log.ts'
import type { Work } from './ports.ts'

/** So long a click waits for the review that follows it; the review itself goes on. */
const reviewMilliseconds = 8_000

/** What was saved stays saved, whatever becomes of the review: then it happens in the background. */
export const reviewAfterClick = async ({ work, log }: { readonly work: Pick<Work, 'reviewNow' | 'requestReview'>; readonly log: Log }, memberId: string, id: LeadId): Promise<void> => {
  const reviewed = work.reviewNow(memberId, id).catch(async (error: unknown) => {
    log.warn({ memberId, leadId: id, error }, 'lead.review-put-off')
    await work.requestReview(memberId, [{ kind: 'lead', id }], { urgent: true })
  })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, reviewMilliseconds)
  })
  // A loser of the race must not become an unhandled rejection.
  reviewed.catch((error: unknown) => log.error({ memberId, leadId: id, error }, 'lead.review-failed'))
  await Promise.race([reviewed, late]).finally(() => clearTimeout(timer))
}
