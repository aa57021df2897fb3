import Foundation

/// The processor time of processes.
enum ProcessorTime {
    /// The processor time that a process has used, in seconds (`proc_pid_stat(5)`, `utime` and `stime`).
    ///
    /// - Parameter withChildren: whether that of its children counts that have ended (`cutime` and `cstime`).
    static func of(_ process: Int32, withChildren: Bool = false) throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
        // The name, in parentheses, can contain blanks.
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        let ticks = fields.dropFirst(11).prefix(withChildren ? 4 : 2).compactMap { Double($0) }
        guard ticks.count == (withChildren ? 4 : 2) else {
            throw BenchError("This system does not tell how much processor time a process has used.")
        }
        return ticks.reduce(0, +) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}
