/** For pages that put the name of an object into a sentence of their own. */
export { withInner } from '../domain/sentences/quotes.ts'
