import { effectScope } from 'vue'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { ConversionChoices, ConversionState, ConversionView, LastConversion } from '../../server/contract/conversion.ts'
import { ApiError } from '../../client/api/api-error.ts'
import type { ConversionApi } from '../../client/api/api.ts'
import { decide, isNothing, openChoicesStore, withChoices, type ChoicesStore } from '../../client/composables/conversion-choices.ts'
import { useConversion } from '../../client/composables/useConversion.ts'
import { conversionState, conversionView, doneState, heldState, lackingView, undoView } from './conversion-views.ts'

const place = { memberId: 'member', userId: 7, leadId: 42 }
const nothing: LastConversion = { conversion: null }

const playApi = (over: Partial<{ [K in keyof ConversionApi]: ConversionApi[K] }> = {}) => ({
  plan: vi.fn<ConversionApi['plan']>(over.plan ?? (async () => conversionView())),
  begin: vi.fn<ConversionApi['begin']>(over.begin ?? (async () => conversionState())),
  last: vi.fn<ConversionApi['last']>(over.last ?? (async () => nothing)),
  retry: vi.fn<ConversionApi['retry']>(over.retry ?? (async () => conversionState())),
  takeBack: vi.fn<ConversionApi['takeBack']>(over.takeBack ?? (async () => conversionState({ status: 'taking-back' }))),
  undoOutlook: vi.fn<ConversionApi['undoOutlook']>(over.undoOutlook ?? (async () => undoView())),
  undo: vi.fn<ConversionApi['undo']>(over.undo ?? (async () => conversionState({ status: 'undoing' }))),
})

type First = Parameters<typeof useConversion>[0]['first']
const open = (api: ConversionApi, store: ChoicesStore = openChoicesStore(place), first?: First) => {
  const scope = effectScope()
  onTestFinished(() => scope.stop())
  const screen = scope.run(() => useConversion({ api, leadId: 42, store, everyMs: 20, pauseMs: 10, ...(first === undefined ? {} : { first }) }))
  if (screen === undefined) throw new Error('no screen')
  return screen
}
const opened = async (api: ConversionApi, store?: ChoicesStore) => {
  const screen = open(api, store)
  await vi.waitFor(() => expect(screen.stage.value !== 'opening' && screen.draft.plan.value !== null).toBe(true))
  return screen
}
const refusal = (type: string, status: number) => new ApiError('refused', { type, status, title: 'Отказ', detail: 'Почему' })

describe('the choices of a conversion', () => {
  it('forget the stage of another pipeline, and what to keep of another object', () => {
    const chosen: ConversionChoices = { pipelineId: 0, dealStageId: 'PREPARE', fields: { 'contact.post': { take: true }, 'contact.name': { value: 'Нина' }, 'deal.title': { take: false } } }
    expect(decide(chosen, { about: 'pipeline', id: 3 })).toEqual({ pipelineId: 3, fields: chosen.fields })
    expect(decide(chosen, { about: 'use', object: 'contact', id: 'new' }).fields).toEqual({ 'contact.name': { value: 'Нина' }, 'deal.title': { take: false } })
  })

  it('are seen at once, before the next plan', () => {
    const shown = withChoices(conversionView(), { variant: 'person', use: { contact: 'new' }, means: { 'email info@example.org': 'none' }, fields: { 'deal.UF_A': { take: false } } })
    expect([shown.variant, shown.objects[1]?.action, shown.means[1]?.to, shown.objects[2]?.fields[2]?.take]).toEqual(['person', 'create', 'none', false])
  })

  it('stay through a reload until they are used or dropped', () => {
    openChoicesStore(place).write({ variant: 'person' })
    expect(openChoicesStore(place).read()).toEqual({ variant: 'person' })
    expect(openChoicesStore({ ...place, leadId: 43 }).read()).toEqual({})
    openChoicesStore(place).write({ fields: {} })
    expect(window.sessionStorage.length).toBe(0)
  })
})

describe('the plan on the screen', () => {
  it('is made anew after a change, once for several quick ones, with the old one in sight', async () => {
    const api = playApi({ plan: async (_id, choices) => conversionView({ seen: JSON.stringify(choices) }) })
    const { draft } = await opened(api)
    draft.choose({ about: 'variant', code: 'client' })
    draft.choose({ about: 'variant', code: 'person' })
    expect([draft.planning.value, draft.plan.value?.seen]).toEqual([true, '{}'])
    await vi.waitFor(() => expect(draft.plan.value?.seen).toBe('{"variant":"person"}'))
    expect(api.plan).toHaveBeenCalledTimes(2)
    expect(draft.planning.value).toBe(false)
  })

  it('is that of the newest choices, whatever order the answers come in', async () => {
    const answers = new Map<string, (view: ConversionView) => void>()
    const api = playApi({ plan: (_id, choices) => (isNothing(choices) ? Promise.resolve(conversionView()) : new Promise((resolve) => { answers.set(choices.variant ?? '', resolve) })) })
    const { draft } = await opened(api)
    draft.choose({ about: 'variant', code: 'client' })
    await vi.waitFor(() => expect(answers.has('client')).toBe(true))
    draft.choose({ about: 'variant', code: 'person' })
    await vi.waitFor(() => expect(answers.has('person')).toBe(true))
    answers.get('person')?.(conversionView({ seen: 'person' }))
    answers.get('client')?.(conversionView({ seen: 'client' }))
    await vi.waitFor(() => expect(draft.planning.value).toBe(false))
    expect(draft.plan.value?.seen).toBe('person')
  })

  it('keeps every choice and says why when it cannot be made, and is made when asked again', async () => {
    let broken = false
    const api = playApi({ plan: async () => { if (broken) throw new ApiError('offline'); return conversionView() } })
    const { draft } = await opened(api)
    broken = true
    draft.choose({ about: 'variant', code: 'person' })
    await vi.waitFor(() => expect(draft.error.value?.kind).toBe('offline'))
    expect([draft.choices.value, draft.plan.value?.seen]).toEqual([{ variant: 'person' }, 'plan-1'])
    broken = false
    await draft.replan()
    expect(draft.error.value).toBeNull()
    expect(api.plan).toHaveBeenLastCalledWith(42, { variant: 'person' }, expect.anything())
  })

  it('says when earlier choices are shown, and forgets them when asked', async () => {
    const store = openChoicesStore(place)
    store.write({ variant: 'person' })
    const screen = await opened(playApi(), store)
    expect([screen.notice.value, screen.touched.value]).toEqual(['restored', true])
    screen.startOver()
    expect([screen.notice.value, screen.touched.value, store.read()]).toEqual([null, false, {}])
  })
})

describe('beginning a conversion', () => {
  it('sends the plan that was seen, once for two clicks, and forgets the choices when it is done', async () => {
    const api = playApi({ last: vi.fn<ConversionApi['last']>().mockResolvedValueOnce(nothing).mockResolvedValue({ conversion: doneState() }) })
    const store = openChoicesStore(place)
    const screen = await opened(api, store)
    screen.draft.choose({ about: 'means', key: 'email info@example.org', to: 'none' })
    await vi.waitFor(() => expect(screen.draft.planning.value).toBe(false))
    await Promise.all([screen.begin(), screen.begin()])
    expect(api.begin).toHaveBeenCalledExactlyOnceWith(42, { means: { 'email info@example.org': 'none' } }, 'plan-1')
    expect(screen.stage.value).toBe('state')
    await vi.waitFor(() => expect(screen.state.value?.status).toBe('done'))
    expect(store.read()).toEqual({})
  })

  it('waits for the plan of what was typed last', async () => {
    const api = playApi({ plan: async (_id, choices) => conversionView({ seen: JSON.stringify(choices) }) })
    const screen = await opened(api)
    screen.draft.choose({ about: 'value', key: 'deal.title', value: 'Столешница' })
    await screen.begin()
    expect(api.begin).toHaveBeenCalledExactlyOnceWith(42, { fields: { 'deal.title': { value: 'Столешница' } } }, '{"fields":{"deal.title":{"value":"Столешница"}}}')
  })

  it('does not begin what nobody has seen: a number typed last has changed the plan', async () => {
    const api = playApi({ plan: async (_id, choices) => conversionView(choices.inn === undefined ? {} : { seen: 'plan-2', because: 'Указан ИНН.' }) })
    const screen = await opened(api)
    screen.draft.choose({ about: 'inn', inn: '7707083893' })
    await screen.begin()
    expect([api.begin.mock.calls.length, screen.notice.value]).toEqual([0, 'updated'])
    await screen.begin()
    expect(api.begin).toHaveBeenCalledTimes(1)
  })

  it('does not begin what lacks something', async () => {
    const api = playApi({ plan: async () => lackingView() })
    const screen = await opened(api)
    await screen.begin()
    expect([api.begin.mock.calls.length, screen.notice.value, screen.stage.value]).toEqual([0, 'lacks', 'plan'])
  })

  it('shows the new plan when the portal has changed meanwhile, with the choices', async () => {
    const plans = [conversionView(), conversionView({ seen: 'plan-2' })]
    const api = playApi({ plan: async () => plans.shift() ?? conversionView({ seen: 'plan-2' }), begin: vi.fn<ConversionApi['begin']>().mockRejectedValueOnce(refusal('/problems/plan-changed', 409)).mockResolvedValue(conversionState()) })
    const screen = await opened(api)
    await screen.begin()
    expect([screen.notice.value, screen.draft.plan.value?.seen, screen.error.value]).toEqual(['changed', 'plan-2', null])
    await screen.begin()
    expect(api.begin).toHaveBeenLastCalledWith(42, {}, 'plan-2')
  })

  it('shows what the server misses', async () => {
    const plans = [conversionView(), lackingView()]
    const api = playApi({ plan: async () => plans.shift() ?? lackingView(), begin: async () => { throw refusal('/problems/conversion-lacks', 422) } })
    const screen = await opened(api)
    await screen.begin()
    expect([screen.notice.value, screen.draft.plan.value?.lacks.length]).toEqual(['lacks', 1])
  })

  it('finds the conversion that has begun although its answer got lost', async () => {
    const api = playApi({ begin: async () => { throw new ApiError('timeout') }, last: vi.fn<ConversionApi['last']>().mockResolvedValueOnce(nothing).mockResolvedValue({ conversion: conversionState() }) })
    const screen = await opened(api)
    await screen.begin()
    expect([screen.stage.value, screen.state.value?.status, screen.error.value]).toEqual(['state', 'running', null])
  })

  it('shows the conversion of another window that was quicker, instead of a plan for what is done', async () => {
    const api = playApi({ begin: async () => { throw refusal('/problems/plan-changed', 409) }, last: vi.fn<ConversionApi['last']>().mockResolvedValueOnce(nothing).mockResolvedValue({ conversion: doneState() }) })
    const screen = await opened(api)
    await screen.begin()
    expect([screen.stage.value, screen.state.value?.status, screen.notice.value, api.plan.mock.calls.length]).toEqual(['state', 'done', null, 1])
  })

  it('says so when it was not heard, and nothing chosen is lost', async () => {
    const api = playApi({ begin: async () => { throw new ApiError('offline') } })
    const screen = await opened(api)
    screen.draft.choose({ about: 'variant', code: 'person' })
    await screen.begin()
    expect([screen.stage.value, screen.error.value?.kind, screen.draft.choices.value]).toEqual(['plan', 'offline', { variant: 'person' }])
  })
})

describe('a conversion under way', () => {
  const running = (...next: ConversionState[]) => playApi({ last: vi.fn<ConversionApi['last']>(async () => ({ conversion: next.length > 1 ? next.shift() ?? null : next[0] ?? null })) })

  it('is found after a reload and followed to its end, and then no longer', async () => {
    const api = running(conversionState(), conversionState(), doneState())
    const screen = open(api)
    await vi.waitFor(() => expect(screen.state.value?.status).toBe('done'))
    const asked = api.last.mock.calls.length
    await new Promise(resolve => setTimeout(resolve, 80))
    expect(api.last.mock.calls.length).toBe(asked)
  })

  it('is followed again after the net was away', async () => {
    let looks = 0
    const api = playApi({ last: async () => { looks += 1; if (looks === 2) throw new ApiError('offline'); return { conversion: looks < 4 ? conversionState() : doneState() } } })
    const screen = open(api)
    await vi.waitFor(() => expect(screen.error.value?.kind).toBe('offline'))
    await vi.waitFor(() => expect([screen.state.value?.status, screen.error.value]).toEqual(['done', null]))
  })

  it('of before, taken back or undone, makes room for a new plan', async () => {
    const screen = await opened(playApi({ last: async () => ({ conversion: conversionState({ status: 'undone' }) }) }))
    expect(screen.stage.value).toBe('plan')
  })

  it('that was begun when the page was opened needs no plan, unless it is undone by now', async () => {
    const done = playApi()
    const seen = open(done, undefined, { last: Promise.resolve({ conversion: doneState() }), plan: null })
    await vi.waitFor(() => expect(seen.stage.value).toBe('state'))
    const undone = playApi()
    const planned = open(undone, undefined, { last: Promise.resolve({ conversion: conversionState({ status: 'undone' }) }), plan: null })
    await vi.waitFor(() => expect(planned.draft.plan.value).not.toBeNull())
    expect([planned.stage.value, undone.plan.mock.calls.length, done.plan.mock.calls.length]).toEqual(['plan', 1, 0])
  })

  it('that is held is tried again or taken back, once for two clicks', async () => {
    const api = running(heldState())
    const screen = open(api)
    await vi.waitFor(() => expect(screen.state.value?.status).toBe('held'))
    await Promise.all([screen.retry(), screen.takeBack()])
    expect([api.retry.mock.calls.length, api.takeBack.mock.calls.length]).toEqual([1, 0])
    expect(screen.state.value?.status).toBe('running')
  })

  it('that is done is undone after a look at what would go, and ends in a new plan', async () => {
    const api = running(doneState(), conversionState({ status: 'undone' }))
    const screen = open(api)
    await vi.waitFor(() => expect(screen.state.value?.status).toBe('done'))
    await screen.askUndo()
    expect([screen.outlook.value?.removed.length, api.undo.mock.calls.length]).toEqual([2, 0])
    await screen.undo()
    expect(screen.outlook.value).toBeNull()
    await vi.waitFor(() => expect(screen.state.value?.status).toBe('undone'))
    screen.backToPlan()
    expect(screen.stage.value).toBe('plan')
    expect(api.plan).toHaveBeenCalledTimes(2)
  })

  it('says why it could not be undone, and stays', async () => {
    const api = playApi({ last: async () => ({ conversion: doneState() }), undo: async () => { throw refusal('/problems/not-your-lead', 403) } })
    const screen = open(api)
    await vi.waitFor(() => expect(screen.state.value?.status).toBe('done'))
    await screen.undo()
    expect([screen.state.value?.status, screen.error.value?.kind]).toEqual(['done', 'refused'])
  })
})
