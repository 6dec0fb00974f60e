/**
 * Gives the stack's own key, which redacted values are hashed with.
 *
 * @returns `undefined` where there is none yet: nobody has asked for values to be hashed.
 */
export type RedactionKey = () => Promise<Uint8Array | undefined>;
