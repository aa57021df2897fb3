import Foundation

/// A process of this or another machine; its start time tells it from a later one with the same number.
struct ProcessIdentity: Hashable, Sendable {
    /// The table of processes that it is in: the machine's name and start, and the process namespace. Two containers on a machine have
    /// different ones, and so has a machine after a restart.
    let host: String
    let process: Int32
    /// Clock ticks since the machine started (Linux: proc(5), field 22).
    let started: String

    static var current: ProcessIdentity {
        let process = ProcessInfo.processInfo.processIdentifier
        return ProcessIdentity(
            host: processTable,
            process: process,
            started: startTime(of: process) ?? ""
        )
    }

    private init(host: String, process: Int32, started: String) {
        (self.host, self.process, self.started) = (host, process, started)
    }

    /// Reads the text form.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 3, let process = Int32(parts[1]) else { return nil }
        self.init(host: parts[0], process: process, started: parts[2])
    }

    var text: String { "\(host)/\(process)/\(started)" }

    /// Whether it is known to have ended; nothing is known of other machines.
    var isGone: Bool {
        guard host == Self.processTable else { return false }
        return Self.startTime(of: process) != started
    }

    private static let processTable: String = {
        let start = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)
        let namespace = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
        let parts = [ProcessInfo.processInfo.hostName, start ?? "", namespace ?? ""]
        return parts.map { $0.filter { $0 != "/" && !$0.isWhitespace } }.joined(separator: "|")
    }()

    private static func startTime(of process: Int32) -> String? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            // The second field is the name in parentheses, which may contain anything.
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? String(fields[19]) : nil
    }
}
