import { describe, expect, it } from 'vitest'
import { maskForLog, requestForLog } from '../../server/portal/masking.ts'

describe('the masked log of requests', () => {
  it.each(['NAME', 'LAST_NAME', 'SECOND_NAME', 'lastName', '%lastName', 'TITLE', 'title', '=PHONE', 'EMAIL', 'workPhone', 'WORK_PHONE', 'COMMENTS', 'ADDRESS', 'ADDRESS_CITY', 'addressCity', 'UF_CRM_LR_PLACE', 'ufCrmLrPlace', 'VALUE', 'MESSAGE', 'POST_MESSAGE', 'SUBJECT', 'PERSONAL_BIRTHDAY'])('shows nothing of %s, whatever it looks like', (name) => {
    const text = JSON.stringify(maskForLog({ fields: { [name]: 'ANNA' }, filter: { [name]: ['N', 'ИП'] }, deep: { [name]: { 0: { any: 'KLEIN' } } }, number: { [name]: 123_456 } }))
    expect(text).not.toMatch(/ANNA|"N"|ИП|KLEIN|123456/)
  })

  it.each(['2345678', '79000000001', '+79000000001', '8 900 000-00-01', 'anna@example.com', 'Анна'])('hides %s by its shape, in text and in numbers', (text) => {
    expect(JSON.stringify(maskForLog({ anything: text, list: [text], number: Number(text) }))).not.toContain(text)
  })

  it('keeps what shows what has happened', () => {
    const plain = { filter: { '@id': [1_234_567, '7654321'], 'stageSemanticId': 'P', '>movedTime': '2026-03-10T09:00:00+03:00' }, UF_CRM_TASK: ['L_12'], USER_TYPE_ID: 'enumeration'.toUpperCase(), VALUE_TYPE: 'WORK', FIELD_NAME: 'LR_PLACE', next: 1_000_050, select: ['ID', 'TITLE'], start: -1 }
    expect(maskForLog(plain)).toEqual(plain)
    expect(maskForLog({ c0: 12_345_678 })).toEqual({ c0: 12_345_678 })
    expect(maskForLog(12_345_678)).toBe(12_345_678)
  })

  it('tells the methods of a batch, and the first calls', () => {
    const calls = [...Array.from({ length: 7 }, (_, id) => ({ method: 'tasks.task.complete', params: { taskId: id, NAME: 'Анна' } })), { method: 'profile' }]
    expect(requestForLog('batch', { halt: 0, cmd: { c0: 'secret' } }, calls)).toEqual({
      methods: { 'tasks.task.complete': 7, 'profile': 1 },
      calls: Array.from({ length: 5 }, (_, id) => ({ method: 'tasks.task.complete', params: { taskId: id, NAME: '‹4›' } })),
    })
    expect(requestForLog('profile', { auth: 'abc' }, [])).toEqual({ auth: '‹secret›' })
  })
})
