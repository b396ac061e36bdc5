/** What is left of a conversion's plan and steps when nothing of it can be undone any more: no phones, addresses, numbers or answers of a client. Pure. */
import type { Plan } from './plan.ts'
import type { ConversionStep, StepResult } from './step.ts'

/** Keeps what the page of an ended conversion tells: the objects with their titles, titles of fields and questions, and how many of each there were. */
export const thinPlan = ({ nobody: _nobody, objects, means, staying, requisites, products, productsThere, ...plan }: Plan): Plan => ({
  ...plan,
  because: { why: 'chosen' },
  objects: objects.map(object => ({ ...object, candidates: [], fields: object.fields.map(field => ({ ...field, value: null, current: null })) })),
  // Those that go nowhere are told by their values.
  means: means.filter(({ to }) => to !== 'none').map(one => ({ ...one, means: { kind: one.means.kind, valueType: one.means.valueType, value: '', normal: null, extension: null, nature: 'unknown', usedBy: 0 } })),
  ...(staying === undefined ? {} : { staying: staying.map(answer => ({ ...answer, value: null })) }),
  requisites: requisites === null ? null : { form: requisites.form, inn: '', templateId: requisites.templateId },
  products: products.map(product => ({ ...product, row: {} })),
  ...(productsThere === undefined ? {} : { productsThere: productsThere.map(product => ({ ...product, row: {} })) }),
})

/** Keeps what it was done with, not what was written. */
export const thinStep = (step: ConversionStep): ConversionStep => {
  switch (step.kind) {
    case 'create': return { ...step, fields: {}, means: [] }
    case 'change': return { ...step, fields: {}, means: [] }
    case 'requisites': return { ...step, name: '', values: {} }
    case 'products': return { ...step, rows: [] }
    case 'tell': return { ...step, text: '', leadText: '' }
    default: return step
  }
}

/** Without what only an undoing needs. */
export const thinResult = ({ before: _before, after: _after, means: _means, ...result }: StepResult): StepResult => result
