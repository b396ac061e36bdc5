import { describe, expect, it } from 'vitest'
import type { Reason } from '../../server/domain/command.ts'
import { leadId } from '../../server/domain/lead.ts'
import { notificationText, sentence } from '../../server/domain/sentences.ts'
import { inQuotes, withInner } from '../../server/domain/sentences/quotes.ts'
import { anna, timeZone } from './support.ts'

describe('a name in quotation marks', () => {
  it.each([
    ['ООО «Ромашка»', '«ООО „Ромашка“»', '“ООО ‘Ромашка’”'],
    ['ООО "Ромашка" и "Лютик"', '«ООО „Ромашка“ и „Лютик“»', '“ООО ‘Ромашка’ и ‘Лютик’”'],
    ['ООО “Ромашка”', '«ООО „Ромашка“»', '“ООО ‘Ромашка’”'],
    ['ООО „Ромашка“', '«ООО „Ромашка“»', '“ООО ‘Ромашка’”'],
    ['«Ромашка»', '«Ромашка»', '“Ромашка”'],
    ['"Ромашка"', '«Ромашка»', '“Ромашка”'],
    ['Ромашка', '«Ромашка»', '“Ромашка”'],
    ['Монитор 27"', '«Монитор 27"»', '“Монитор 27"”'],
  ])('%s', (name, ru, en) => {
    expect([inQuotes(name, 'ru'), inQuotes(name, 'en')]).toEqual([ru, en])
  })

  it('is the same when it is named again', () => {
    expect(withInner(withInner('ООО «Ромашка»', 'ru'), 'ru')).toBe('ООО „Ромашка“')
  })

  it('stands so in messages and in the journal', () => {
    const because = { rule: 'not-the-same', title: 'ООО «Ромашка»' } as Extract<Reason, { rule: 'not-the-same' }>
    expect(sentence(because, 'ru', timeZone)).toBe('«ООО „Ромашка“» — другой клиент.')
    const command = { kind: 'notify', leadId: leadId(7), userId: anna, about: 'assigned', because } as unknown as Parameters<typeof notificationText>[0]
    expect(notificationText(command, { leadTitle: 'Заявка: ООО «Ромашка»', leadUrl: null, dueAt: null }, 'ru', timeZone)).toContain('Лид «Заявка: ООО „Ромашка“»')
  })
})
