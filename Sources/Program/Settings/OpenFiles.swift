import Glibc

/// How many files and connections this process may have open at once.
///
/// Swift's runtime on Linux ends the process when the last file is taken: libdispatch reads its own threads from `/proc` every
/// second, and traps if it cannot open a file. So they must never run out: clients get only as many connections as leave
/// enough for the database, for workers and for connections to Entra.
struct OpenFiles {
    let limit: Int

    /// Raises the limit as far as possible.
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

    /// More than this has no use.
    private static let most: rlim_t = 65_536
    /// The server does not start with fewer.
    private static let least = 160
    /// The minimum for everything except clients.
    private static let reserve = 96
    /// Connections that are accepted only to be refused.
    static let refusals = 32

    /// The number of connections of clients.
    ///
    /// - Throws: ``UserError`` if there is not enough for the server's own work.
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
