/** `/health`: for whoever watches over this process. */
import type { Context } from 'hono'
import type { Health } from './ports.ts'

const answerMilliseconds = 3_000

/** 200 when this process can do its work, 503 when not. */
export const answerHealth = async (c: Context, health: Health, version: string): Promise<Response> => {
  const database = await answers(health) ? 'up' : 'down'
  const status = database === 'up' && health.ready() ? 'ok' : 'unavailable'
  return c.json({ status, database: { kind: health.database, state: database }, version }, status === 'ok' ? 200 : 503)
}

const answers = async (health: Health): Promise<boolean> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), answerMilliseconds)
  })
  try {
    return await Promise.race([health.check().then(() => true, () => false), late])
  } finally {
    clearTimeout(timer)
  }
}
