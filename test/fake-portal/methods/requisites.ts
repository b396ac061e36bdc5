import { rowFilter, sortRows, universalPrefixes, type FieldReader } from '../core/filter.ts'
import { pageOf, type Methods } from '../core/method.ts'
import type { Requisite } from '../rows.ts'

const row = (one: Requisite): Record<string, string> =>
  ({ ID: String(one.id), ENTITY_TYPE_ID: String(one.entityTypeId), ENTITY_ID: String(one.entityId), NAME: one.name, ACTIVE: 'Y', RQ_INN: one.inn })

const names = ['ID', 'ENTITY_TYPE_ID', 'ENTITY_ID', 'NAME', 'ACTIVE', 'RQ_INN']

const reader: FieldReader<Requisite> = name => (names.includes(name) ? { read: one => row(one)[name] } : undefined)

export const requisiteMethods: Methods = {
  'crm.requisite.list': {
    page: 'api-reference/crm/requisites/universal/crm-requisite-list.md', scope: ['crm'], params: { select: 'array', filter: 'object', order: 'object', start: 'integer' },
    handle: (params, context) => {
      const dialect = { prefixes: universalPrefixes, timeZone: context.portal.timeZone, unknownField: (name: string) => context.strictFail(`unknown field ${name}`) }
      const rows = sortRows(context.state.requisites.filter(rowFilter(params['filter'], reader, dialect)), params['order'] ?? { ID: 'asc' }, reader, dialect)
      const select = (Array.isArray(params['select']) ? params['select'] : []).map(String)
      for (const name of select) if (name !== '*' && !names.includes(name)) context.strictFail(`selected field ${name} is unknown`)
      const show = (one: Requisite) => Object.fromEntries(Object.entries(row(one)).filter(([name]) => select.length === 0 || select.includes('*') || select.includes(name)))
      return pageOf(rows, params['start'], page => page.map(show))
    },
  },
}
