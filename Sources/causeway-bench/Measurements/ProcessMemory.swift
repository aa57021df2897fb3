import Foundation

/// The memory of processes.
enum ProcessMemory {
    /// Makes the system measure this process's peak from now on (`proc_pid_clear_refs(5)`).
    static func forgetPeak() throws {
        do { try Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs")) } catch {
            throw BenchError("This system cannot reset the memory count of a process.")
        }
    }

    /// The peak of a process, in MB (`proc_pid_status(5)`, `VmHWM`).
    ///
    /// - Parameter process: its id, or `self`.
    static func peak(of process: String) throws -> Double {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        guard let kilobytes = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Double($0) })
        else { throw BenchError("This system does not tell how much memory a process has had.") }
        return kilobytes / 1024
    }

    /// The peak of each process started by this one, in MB.
    static func ofChildren() throws -> [Double] {
        let tasks = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")
        let children = try tasks.flatMap { task in
            try String(contentsOfFile: "/proc/self/task/\(task)/children", encoding: .utf8).split(separator: " ")
        }
        return try children.map { try peak(of: String($0)) }
    }
}
