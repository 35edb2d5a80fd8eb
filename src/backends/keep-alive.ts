/**
 * After this many milliseconds without traffic, TCP asks whether the other side is still there: a firewall may have dropped the
 * connection without a word. Linux gives up after ten more seconds without an answer.
 */
export const keepAliveDelay = 5000
