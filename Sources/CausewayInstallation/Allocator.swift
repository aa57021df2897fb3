import CMalloc

/// How the C library hands out memory in this process.
package enum Allocator {
    /// Makes all threads share two arenas. By default there are eight for each core; each keeps most of what it ever needed, so the
    /// process takes the sum of its threads' peaks, which are at different times. Call it before there are threads.
    ///
    /// - Returns: whether the library accepts that (`mallopt(3)`).
    @discardableResult
    package static func shareArenas() -> Bool { mallopt(M_ARENA_MAX, 2) == 1 }

    /// Gives the system what is free (`malloc_trim(3)`), after work that took much: it takes milliseconds.
    package static func giveBack() { malloc_trim(0) }
}
