/** Automation of leads: triggers that move them, robots of the application and what they returned. */
import type { RobotRun } from '../app-rows.ts'
import { itemsOf, nextId } from '../state.ts'
import { updateItem } from './items.ts'
import { isoAt } from './time.ts'
import type { Cause, World } from './world.ts'

/** Notes the run; a trigger that somebody has bound to a stage moves the lead there. */
export const fireTrigger = (world: World, code: string, leadId: number, cause: Cause): void => {
  world.state.triggerRuns.push({ code, leadId, at: isoAt(world.now(), world.timeZone) })
  const lead = itemsOf(world.state, 1).get(leadId)
  const stageId = world.state.triggerStages.get(code)
  if (lead !== undefined && stageId !== undefined) updateItem(world, lead, { stageId }, cause)
}

/** A robot begins to work on a lead; it waits for `bizproc.event.send` when it was registered so. */
export const startRobotRun = (world: World, code: string, leadId: number, random: { hex(length: number): string }): RobotRun => {
  const robot = world.state.robots.get(code)
  if (robot === undefined) throw new Error(`there is no robot ${code}`)
  const run: RobotRun = {
    id: nextId(world.state, 'robotRun'), code, leadId, token: `${random.hex(14)}|A${random.hex(5)}|${random.hex(32)}`, waiting: robot.useSubscription, returned: null, log: '',
    startedAt: isoAt(world.now(), world.timeZone),
  }
  world.state.robotRuns.push(run)
  return run
}
