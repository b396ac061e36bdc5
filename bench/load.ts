/**
 * The load generator, a process of its own: raw sockets, so that it takes as little as it can of the machine that it shares.
 * `node bench/load.ts '{"port":…}'` posts events about leads `first`, `first + 1`, … and prints one line of JSON.
 */
import net from 'node:net'

export interface LoadOrder {
  readonly port: number
  readonly seconds: number
  readonly connections: number
  /** Requests per second, sent on time whatever the answers do; null = as fast as each connection is answered. */
  readonly rate: number | null
  readonly first: number
  readonly memberIds: readonly string[]
  readonly applicationToken: string
}

export interface LoadResult {
  readonly sent: number
  readonly accepted: number
  readonly refused: number
  readonly seconds: number
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly max: number
  /** Leads whose event was acknowledged with 200. */
  readonly acknowledged: readonly number[]
}

const [, , orderJson] = process.argv
if (orderJson === undefined) throw new Error('node bench/load.ts <order as JSON>')
const order = JSON.parse(orderJson) as LoadOrder

/** As documented in api-reference/events/index.md, of the size that portals really send. */
const eventAbout = (leadId: number): string => {
  const memberId = order.memberIds[leadId % order.memberIds.length] ?? ''
  const form = new URLSearchParams({
    'event': 'ONCRMLEADUPDATE', 'event_handler_id': '709', 'data[FIELDS][ID]': String(leadId), 'ts': '1767225600',
    'auth[access_token]': 'a'.repeat(70), 'auth[expires]': '1767229200', 'auth[expires_in]': '3600', 'auth[scope]': 'crm,placement,task,user_brief,department,im',
    'auth[domain]': 'portal.bitrix24.ru', 'auth[server_endpoint]': 'https://oauth.bitrix.info/rest/', 'auth[status]': 'L',
    'auth[client_endpoint]': 'https://portal.bitrix24.ru/rest/', 'auth[member_id]': memberId, 'auth[user_id]': '7', 'auth[application_token]': order.applicationToken,
  }).toString()
  return `POST /events HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${form.length}\r\n\r\n${form}`
}

const latencies: number[] = []
const acknowledged: number[] = []
let refused = 0
let next = order.first
let sent = 0

interface Connection { readonly socket: net.Socket; busy: boolean }

const connect = (): Promise<Connection> => new Promise((resolve, reject) => {
  const socket = net.connect(order.port, '127.0.0.1', () => resolve({ socket, busy: false }))
  socket.setNoDelay(true)
  socket.once('error', reject)
})

/** Sends one event and waits for its answer. `since` is the moment at which it was due. */
const post = (connection: Connection, since: number): Promise<void> => new Promise((resolve, reject) => {
  const leadId = next++
  let received = ''
  const onData = (chunk: Buffer) => {
    received += chunk.toString('latin1')
    if (!received.includes('\r\n\r\n')) return
    connection.socket.removeListener('data', onData)
    connection.socket.removeListener('close', onClose)
    connection.busy = false
    latencies.push(performance.now() - since)
    if (received.startsWith('HTTP/1.1 200')) acknowledged.push(leadId)
    else refused += 1
    resolve()
  }
  const onClose = () => reject(new Error('the server hung up'))
  connection.busy = true
  connection.socket.on('data', onData)
  connection.socket.once('close', onClose)
  connection.socket.write(eventAbout(leadId))
  sent += 1
})

const connections = await Promise.all(Array.from({ length: order.connections }, connect))
const startedAt = performance.now()
const until = startedAt + order.seconds * 1000

if (order.rate === null) {
  await Promise.all(connections.map(async (connection) => {
    while (performance.now() < until) await post(connection, performance.now())
  }))
} else {
  const running = new Set<Promise<void>>()
  for (let due = startedAt; due < until; due += 1000 / order.rate) {
    while (performance.now() < due) await new Promise(resolve => setTimeout(resolve, 1))
    let free = connections.find(connection => !connection.busy)
    while (free === undefined) {
      await Promise.race(running)
      free = connections.find(connection => !connection.busy)
    }
    const answer = post(free, due)
    running.add(answer)
    void answer.finally(() => running.delete(answer))
  }
  await Promise.all(running)
}

const seconds = (performance.now() - startedAt) / 1000
for (const { socket } of connections) socket.destroy()
latencies.sort((a, b) => a - b)
const at = (share: number) => Math.round((latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? 0) * 10) / 10
const result: LoadResult = {
  sent, accepted: acknowledged.length, refused, seconds, perSecond: Math.round(acknowledged.length / seconds), p50: at(0.5), p99: at(0.99), max: at(1), acknowledged,
}
console.log(JSON.stringify(result))
