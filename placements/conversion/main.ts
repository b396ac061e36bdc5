import '../../client/styles/main.css'
import { lookedAtLater } from '../../client/api/api-error.ts'
import { openChoicesStore } from '../../client/composables/conversion-choices.ts'
import { startPage } from '../../client/page.ts'
import NoLead from '../lead-tab/NoLead.vue'
import Conversion from './Conversion.vue'

void startPage(({ boot, api, frame }) => {
  const leadId = Number(boot.options.leadId)
  if (!Number.isSafeInteger(leadId) || leadId <= 0) return { view: NoLead, props: {} }
  const store = openChoicesStore({ memberId: boot.portal.memberId, userId: boot.session?.user.id ?? 0, leadId })
  const first = { last: lookedAtLater(api.conversion.last(leadId)), plan: boot.options.begun === 'Y' ? null : lookedAtLater(api.conversion.plan(leadId, store.read())) }
  return { view: Conversion, props: { api, frame, leadId, first, store, timeZone: boot.session?.user.timeZone ?? 'UTC' }, scrolls: true }
})
