/** A clock that may run faster than real time, stand still, and change its speed without a jump. All figures are milliseconds. */
export interface FastClock {
  now(): number
  /** Emulated milliseconds per real one; 0 = stopped. */
  speed(): number
  setSpeed(speed: number): void
}

/** Monday, 23 November 2026, 09:00 in Moscow: the moment the demo begins at. */
export const demoStart = Date.UTC(2026, 10, 23, 6)

/** A clock beginning at `start`; `realNow` is a test's own real time. */
export const createFastClock = ({ start = demoStart, speed = 1, realNow = () => performance.now() }: { start?: number; speed?: number; realNow?: () => number } = {}): FastClock => {
  let from = { emulated: start, real: realNow(), speed }
  const now = (): number => from.emulated + (realNow() - from.real) * from.speed
  return {
    now: () => Math.floor(now()),
    speed: () => from.speed,
    setSpeed: (next) => {
      if (!Number.isFinite(next) || next < 0) throw new Error(`a clock cannot run at ${next}`)
      from = { emulated: now(), real: realNow(), speed: next }
    },
  }
}
