/** A portal that has been renamed: who may say so, and what is remembered of it. */
import { PortalError } from './error.ts'
import type { PortalStore } from './ports.ts'
import type { Tokens } from './tokens.ts'

export interface Address {
  readonly domain: string
  /** REST root, ends with `/rest/`. */
  readonly clientEndpoint: string
}

/**
 * Believes and stores the REST root that a redirect of a known portal names, if the authorisation server names the same
 * one: the old address may belong to somebody else by now. Rejects with `unavailable` otherwise.
 */
export const followMove = async ({ store, tokens }: { store: Pick<PortalStore, 'movePortal'>; tokens: Pick<Tokens, 'endpointOf'> }, memberId: string, moved: string): Promise<Address> => {
  if (new URL(await tokens.endpointOf(memberId)).origin !== new URL(moved).origin)
    throw new PortalError({ code: 'unavailable', method: 'portal', bitrixMessage: 'a redirect to an address that is not the portal\'s' })
  const address = { domain: new URL(moved).host, clientEndpoint: moved }
  await store.movePortal(memberId, address)
  return address
}
