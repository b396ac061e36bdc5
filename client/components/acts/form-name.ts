/** Acts that something has to be said for. */
export type ActFormName = 'call-back' | 'call-declared' | 'wrong-number' | 'wait' | 'move-deadline' | 'reassign' | 'allow-move'
