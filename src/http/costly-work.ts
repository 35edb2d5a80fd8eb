import { setImmediate as nextTurn } from 'node:timers/promises'

/** Runs costly work of a request when the work before it has ended. Rejects with `ClientGone` if nobody waits for the result. */
export type TakeTurn = <Value>(work: () => Promise<Value>) => Promise<Value>

/** The client closed its connection before its costly work began. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone'
}

/** Turns of the event loop between two pieces: in them, a client can connect, send its request and get its answer. */
const turnsBetween = 3

/**
 * Work that takes milliseconds of CPU, such as pictures and signatures: one piece after the other, with turns of the event loop in
 * between. A piece begins when the one before it has ended, not when it has begun: pieces that wait for the same thing, such as the
 * thread of a signature, would go on together, in one turn.
 */
export class CostlyWork {
  #last: Promise<unknown> = Promise.resolve()

  /** The work must not wait for anything outside of the process: all others wait for it. */
  run<Value>(work: () => Promise<Value>, isGone: () => boolean): Promise<Value> {
    const result = this.#after(this.#last, work, isGone)
    this.#last = result.catch(() => undefined)
    return result
  }

  async #after<Value>(
    earlier: Promise<unknown>,
    work: () => Promise<Value>,
    isGone: () => boolean,
  ): Promise<Value> {
    await earlier
    for (let turn = 0; turn < turnsBetween && !isGone(); turn++) await nextTurn()
    if (isGone()) throw new ClientGone()
    return work()
  }
}
