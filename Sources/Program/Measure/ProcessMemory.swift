import Foundation

/// How much memory processes have.
enum ProcessMemory {
    /// The most that a process has had, in MB (`proc_pid_status(5)`, `VmHWM`).
    ///
    /// - Parameter process: its id, or `self`.
    static func peak(of process: String) throws -> Double {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        guard let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Double($0) })
        else { throw UserError("This system does not tell how much memory a process has had.") }
        return kilobytes / 1024
    }
}
