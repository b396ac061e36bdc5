import { effectScope } from 'vue'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { useWriteQueue } from '../../client/composables/useWriteQueue.ts'

const open = () => {
  const scope = effectScope()
  onTestFinished(() => scope.stop())
  const inTurn = scope.run(() => useWriteQueue())
  if (inTurn === undefined) throw new Error('the scope is closed')
  const begun: string[] = []
  const write = (name: string, answer: Promise<string> = Promise.resolve(name)) => inTurn(() => { begun.push(name); return answer })
  return { scope, begun, write }
}
const turn = () => new Promise(resolve => setTimeout(resolve, 0))
const hide = () => {
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden')
  document.dispatchEvent(new Event('visibilitychange'))
}

describe('writes of a page', () => {
  it('go one at a time in the order they were asked for, and each gives its own answer', async () => {
    const { begun, write } = open()
    const first = Promise.withResolvers<string>()
    const given = [write('act', first.promise), write('answers'), write('more')]
    await turn()
    expect(begun).toEqual(['act'])
    first.resolve('done')
    expect(await Promise.all(given)).toEqual(['done', 'answers', 'more'])
    expect(begun).toEqual(['act', 'answers', 'more'])
  })

  it('go on after one that has failed', async () => {
    const { write } = open()
    const given = await Promise.allSettled([write('act', Promise.reject(new Error('offline'))), write('answers')])
    expect(given.map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  })

  it('wait no longer when the page is hidden, which may be its end', async () => {
    const { begun, write } = open()
    const first = Promise.withResolvers<string>()
    const given = [write('act', first.promise), write('answers')]
    await turn()
    hide()
    given.push(write('typed last'))
    await turn()
    expect(begun.toSorted()).toEqual(['act', 'answers', 'typed last'])
    vi.restoreAllMocks()
    const later = write('later')
    await turn()
    expect(begun).not.toContain('later')
    first.resolve('done')
    expect(await later).toBe('later')
    await Promise.all(given)
  })
})
