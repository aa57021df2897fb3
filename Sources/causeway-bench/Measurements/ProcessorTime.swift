import Foundation

/// The processor time of processes.
enum ProcessorTime {
    /// The processor time that a process has used, in seconds (`proc_pid_stat(5)`, `utime` and `stime`).
    static func of(_ process: Int32) throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        // The name, in parentheses, can contain blanks.
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        let ticks = fields.dropFirst(11).prefix(2).compactMap { Double($0) }
        guard ticks.count == 2 else { throw unknown }
        return ticks.reduce(0, +) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// That of this process and of its children that have ended, to the microsecond (`getrusage(2)`).
    static func ofThisProcessAndEndedChildren() throws -> Double {
        try [RUSAGE_SELF, RUSAGE_CHILDREN].reduce(0) { sum, who in
            var usage = rusage()
            guard getrusage(who.rawValue, &usage) == 0 else { throw unknown }
            return sum + seconds(usage.ru_utime) + seconds(usage.ru_stime)
        }
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

    private static let unknown = BenchError("This system does not tell how much processor time a process has used.")
}
