import type { Methods } from '../core/method.ts'
import { activityMethods } from './activities.ts'
import { automationMethods } from './automation.ts'
import { appMethods } from './app.ts'
import { bindingMethods } from './bindings.ts'
import { contactCompanyMethods } from './contact-company.ts'
import { crmDictionaryMethods } from './crm-dictionary.ts'
import { crmItemMethods } from './crm-item.ts'
import { crmLeadMethods } from './crm-lead.ts'
import { eventMethods } from './events.ts'
import { officeMethods } from './office.ts'
import { peopleMethods } from './people.ts'
import { placementMethods } from './placements.ts'
import { productRowMethods } from './product-rows.ts'
import { requisiteLinkMethods } from './requisite-links.ts'
import { requisitePartMethods } from './requisite-parts.ts'
import { requisiteMethods } from './requisites.ts'
import { taskItemMethods } from './task-items.ts'
import { taskMethods } from './tasks.ts'
import { timelineMethods } from './timeline.ts'
import { todoMethods } from './todos.ts'
import { userFieldMethods } from './userfields.ts'

/** Every method the emulator knows, by its documented name. */
export const documentedMethods: Methods = {
  ...appMethods(() => methods),
  ...eventMethods,
  ...placementMethods,
  ...peopleMethods,
  ...crmItemMethods,
  ...crmLeadMethods,
  ...userFieldMethods,
  ...crmDictionaryMethods,
  ...activityMethods,
  ...todoMethods,
  ...timelineMethods,
  ...automationMethods,
  ...requisiteMethods,
  ...requisitePartMethods,
  ...requisiteLinkMethods,
  ...contactCompanyMethods,
  ...productRowMethods,
  ...bindingMethods,
  ...taskMethods,
  ...taskItemMethods,
  ...officeMethods,
}

/** The same by name in lower case, as requests are looked up. */
export const methods: Methods = Object.fromEntries(Object.entries(documentedMethods).map(([name, method]) => [name.toLowerCase(), method]))
