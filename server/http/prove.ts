/** Bounds the proofs: each one makes us call other servers, and anybody may ask for one. */
import type { Claim, Proof, Proved } from './ports.ts'

const atOnce = 24
const atOncePerPortal = 8

/** Proofs beyond the bound are answered `unavailable` at once instead of piling up. */
export const boundProofs = <P extends Proof>(prove: (claim: Claim) => Promise<Proved<P>>): ((claim: Claim) => Promise<Proved<P>>) => {
  let running = 0
  const perPortal = new Map<string, number>()
  return async (claim) => {
    const own = perPortal.get(claim.memberId) ?? 0
    if (running >= atOnce || own >= atOncePerPortal) return { ok: false, why: 'unavailable' }
    running += 1
    perPortal.set(claim.memberId, own + 1)
    try {
      return await prove(claim)
    } finally {
      running -= 1
      const left = (perPortal.get(claim.memberId) ?? 1) - 1
      if (left === 0) perPortal.delete(claim.memberId)
      else perPortal.set(claim.memberId, left)
    }
  }
}

/** What a refused proof is called towards people. */
export const refusalOfProof = { refused: 'not-proved', address: 'address-refused', denied: 'application-denied', unavailable: 'authorisation-unavailable' } as const
