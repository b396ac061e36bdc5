import '../../client/styles/main.css'
import { lookedAtLater } from '../../client/api/api-error.ts'
import { startPage } from '../../client/page.ts'
import OverviewPage from './OverviewPage.vue'

void startPage(({ boot, api, frame }) => ({
  view: OverviewPage,
  props: { api, frame, isAdmin: boot.session?.user.isAdmin ?? false, first: lookedAtLater(api.overview()) },
}))
