import '../../client/styles/main.css'
import { lookedAtLater } from '../../client/api/api-error.ts'
import { startPage } from '../../client/page.ts'
import NoLead from './NoLead.vue'
import LeadTab from './LeadTab.vue'

void startPage(({ boot, api, frame }) => {
  const leadId = Number(boot.options.ID)
  if (!Number.isSafeInteger(leadId) || leadId <= 0) return { view: NoLead, props: {} }
  const first = lookedAtLater(api.lead(leadId))
  return { view: LeadTab, props: { api, frame, leadId, first, memberId: boot.portal.memberId, userId: boot.session?.user.id ?? 0 } }
})
