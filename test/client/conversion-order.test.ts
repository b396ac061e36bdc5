import { effectScope } from 'vue'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ConversionApi } from '../../client/api/api.ts'
import { openChoicesStore } from '../../client/composables/conversion-choices.ts'
import { useConversion } from '../../client/composables/useConversion.ts'
import type { LastConversion } from '../../server/contract/conversion.ts'
import { conversionState, conversionView, heldState, undoView } from './conversion-views.ts'

const settled = () => new Promise(resolve => setTimeout(resolve, 5))

describe('a look at the conversion', () => {
  it('begun before a deed and answered after it does not bring the old state back', async () => {
    const late = Promise.withResolvers<LastConversion>()
    const answers = [Promise.resolve({ conversion: heldState() }), late.promise]
    const api: ConversionApi = {
      plan: async () => conversionView(),
      begin: async () => conversionState(),
      last: async () => answers.shift() ?? { conversion: conversionState({ status: 'taking-back' }) },
      retry: async () => conversionState(),
      takeBack: async () => conversionState({ status: 'taking-back' }),
      undoOutlook: async () => undoView(),
      undo: async () => conversionState({ status: 'undoing' }),
    }
    const scope = effectScope()
    onTestFinished(() => scope.stop())
    const screen = scope.run(() => useConversion({ api, leadId: 42, store: openChoicesStore({ memberId: 'member', userId: 7, leadId: 42 }), everyMs: 60_000 }))
    await settled()
    expect(screen?.state.value?.status).toBe('held')
    const looked = screen?.refresh()
    await screen?.takeBack()
    expect(screen?.state.value?.status).toBe('taking-back')
    late.resolve({ conversion: heldState() })
    await looked
    expect(screen?.state.value?.status).toBe('taking-back')
  })
})
