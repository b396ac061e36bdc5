import type { InjectionKey } from 'vue'

/** Opens a page of the portal in its side panel. */
export const openPathKey: InjectionKey<(url: string) => void> = Symbol('open path')
