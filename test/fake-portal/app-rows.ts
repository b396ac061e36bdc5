/** What an application has left on a portal: subscriptions, queue records, placements. */

export interface EventHandler {
  id: number
  event: string
  handler: string
  /** User whose tokens the handler gets; 0: of whoever acted. */
  authType: number
  offline: boolean
  connector: string
  ownerId: number
  options: Record<string, unknown>
}

export interface OfflineRecord {
  id: number
  timestamp: string
  eventName: string
  eventData: unknown
  eventAdditional: unknown
  messageId: string
  processId: string | null
  error: boolean
  connector: string
}

/** A robot of the application (api-reference/bizproc/bizproc-robot/bizproc-robot-add.md). */
export interface Robot {
  code: string
  handler: string
  authUserId: number
  useSubscription: boolean
  name: unknown
  properties: Record<string, unknown>
  returnProperties: Record<string, unknown>
}

/** One run of a robot on a lead; `returned` is what the application has answered. */
export interface RobotRun {
  id: number
  code: string
  leadId: number
  token: string
  waiting: boolean
  returned: Record<string, unknown> | null
  log: string
  startedAt: string
}

export interface PlacementBinding {
  placement: string
  handler: string
  userId: number
  title: string
  description: string
  groupName: string
  langAll: Record<string, Record<string, string>>
  options: Record<string, unknown>
}
