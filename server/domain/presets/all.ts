/** Every preset, in the order in which they are offered. */
import { digital } from './digital.ts'
import { passes } from './passes.ts'
import type { Preset } from './preset.ts'
import { requests } from './requests.ts'
import { telemarketing } from './telemarketing.ts'
import { worktops } from './worktops.ts'

export const presets: readonly Preset[] = [passes, requests, telemarketing, digital, worktops]

export const presetById = (id: string): Preset | undefined => presets.find(preset => preset.id === id)
