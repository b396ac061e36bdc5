import { effectScope, nextTick } from 'vue'
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { ApiError } from '../../client/api/api-error.ts'
import { useLook } from '../../client/composables/useLook.ts'

interface Sight { readonly clockSpeed: number; readonly name: string }
const sight = (name: string, clockSpeed = 1): Sight => ({ name, clockSpeed })

beforeEach(() => { vi.useFakeTimers() })
afterEach(() => { vi.useRealTimers() })

const open = (answers: readonly (() => Promise<Sight>)[]) => {
  let asked = 0
  const scope = effectScope()
  onTestFinished(() => scope.stop())
  const look = scope.run(() => useLook({ ask: () => (answers[asked++] ?? (() => Promise.resolve(sight('later'))))(), everyMs: 1000 }))
  if (look === undefined) throw new Error('the scope is closed')
  return { look, scope, asked: () => asked }
}
const turn = async () => { await vi.advanceTimersByTimeAsync(0); await nextTick() }

describe('looking at the server', () => {
  it('is calm when nobody waits for it', async () => {
    const calm: boolean[] = []
    const scope = effectScope()
    onTestFinished(() => scope.stop())
    scope.run(() => useLook({ ask: (_signal, isCalm) => { calm.push(isCalm); return Promise.resolve(sight('one')) }, everyMs: 1000 }))
    await turn()
    await vi.advanceTimersByTimeAsync(1000)
    document.dispatchEvent(new Event('visibilitychange'))
    await turn()
    expect(calm).toEqual([false, true, false])
  })

  it('goes on by itself while the page is seen', async () => {
    const { look, asked } = open([() => Promise.resolve(sight('one')), () => Promise.resolve(sight('two'))])
    await turn()
    expect(look.view.value?.name).toBe('one')
    await vi.advanceTimersByTimeAsync(1000)
    expect(look.view.value?.name).toBe('two')
    expect(asked()).toBe(2)
  })

  it('rests while the page is hidden, and looks at once when it is seen again', async () => {
    const { asked } = open([])
    await turn()
    const seen = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(asked()).toBe(1)
    seen.mockReturnValue('visible')
    document.dispatchEvent(new Event('visibilitychange'))
    expect(asked()).toBe(2)
  })

  it('keeps the last view when a look fails, says why, and recovers', async () => {
    const { look } = open([() => Promise.resolve(sight('one')), () => Promise.reject(new ApiError('offline'))])
    await turn()
    await vi.advanceTimersByTimeAsync(1000)
    expect([look.view.value?.name, look.error.value?.kind]).toEqual(['one', 'offline'])
    await vi.advanceTimersByTimeAsync(1000)
    expect([look.view.value?.name, look.error.value]).toEqual(['later', null])
  })

  it('throws away a look that was begun before a save was answered', async () => {
    let answer = (_: Sight) => {}
    const { look } = open([() => new Promise((resolve) => { answer = resolve })])
    look.accept(sight('saved'))
    answer(sight('old'))
    await turn()
    expect(look.view.value?.name).toBe('saved')
  })

  it('looks once more after a look that was under way when it was asked to, however often, and calmly no more', async () => {
    const calm: boolean[] = []
    const answers = [Promise.withResolvers<Sight>(), Promise.withResolvers<Sight>(), Promise.withResolvers<Sight>()]
    const scope = effectScope()
    onTestFinished(() => scope.stop())
    const look = scope.run(() => useLook({ ask: (_signal, isCalm) => { calm.push(isCalm); return answers[calm.length - 1]?.promise ?? Promise.resolve(sight('later')) }, everyMs: 1000 }))
    if (look === undefined) throw new Error('the scope is closed')
    answers[0]?.resolve(sight('one'))
    await vi.advanceTimersByTimeAsync(1000)
    expect(calm).toEqual([false, true])
    let seen = ''
    void look.refresh().then(() => { seen = look.view.value?.name ?? '' })
    void look.refresh()
    answers[1]?.resolve(sight('before'))
    await turn()
    expect([calm, seen]).toEqual([[false, true, false], ''])
    answers[2]?.resolve(sight('after'))
    await turn()
    expect([calm, seen]).toEqual([[false, true, false], 'after'])
  })

  it('looks more often at a demo with a fast clock', async () => {
    const { asked } = open([() => Promise.resolve(sight('fast', 60))])
    await turn()
    await vi.advanceTimersByTimeAsync(200)
    expect(asked()).toBe(2)
  })

  it('ends with the page', async () => {
    const { scope, asked } = open([])
    await turn()
    scope.stop()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(asked()).toBe(1)
  })
})
