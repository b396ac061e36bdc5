import '../../client/styles/main.css'
import { startPage } from '../../client/page.ts'
import Install from './Install.vue'

void startPage(({ api, frame }) => ({ view: Install, props: { api, frame } }))
