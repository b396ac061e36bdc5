import type { LeadView } from '../../server/contract/lead-view.ts'
import type { Api } from '../api/api.ts'
import { useLook, type Look } from './useLook.ts'

interface Setting {
  readonly api: Pick<Api, 'lead'>
  readonly leadId: number
  /** The first request, sent before the page was drawn. */
  readonly first?: Promise<LeadView>
}

/** What is known of a lead, kept fresh while the tab is seen. The answer to a save is newer than every look begun before it. */
export const useLeadView = ({ api, leadId, first }: Setting): Look<LeadView> =>
  useLook({ ask: (signal, calm) => api.lead(leadId, signal, calm), ...(first === undefined ? {} : { first }) })
