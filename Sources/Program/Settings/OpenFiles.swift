import Glibc

/// How many files and connections this process may have open at once.
///
/// Swift's runtime on Linux ends the process where the last one is taken: libdispatch looks at its own threads through `/proc` every
/// second, and traps where it cannot open a file. So they must never run out, and connections of clients get no more than leaves
/// enough for the database, for processes that evaluate mappings and for connections to Entra.
struct OpenFiles {
    let limit: Int

    /// Raises the limit as far as it may go.
    static func raised() -> OpenFiles {
        var limits = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) == 0 else {
            return OpenFiles(limit: 1024)
        }
        if limits.rlim_cur < limits.rlim_max {
            var higher = limits
            higher.rlim_cur = min(limits.rlim_max, most)
            if higher.rlim_cur > limits.rlim_cur, setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &higher) == 0 {
                limits = higher
            }
        }
        return OpenFiles(limit: Int(clamping: limits.rlim_cur))
    }

    /// No more than that is of use.
    private static let most: rlim_t = 65_536
    /// With fewer it does not start.
    private static let least = 160
    /// For everything but clients, at least.
    private static let reserve = 96
    /// Connections that are accepted only to be refused.
    static let refusals = 32

    /// How many connections of clients there may be.
    ///
    /// - Throws: ``UserError`` where there is not enough for the server's own work.
    func mostConnections() throws -> Int {
        guard limit >= Self.least else {
            throw UserError(
                "This process may open \(limit) files, and needs \(Self.least): raise the limit (ulimit -n, or LimitNOFILE= of "
                    + "its service)."
            )
        }
        return (limit - Self.reserve) / 2
    }
}
