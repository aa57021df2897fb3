import Foundation

/// A process of this or another machine; its start time tells it from a later one with the same number.
struct ProcessIdentity: Hashable, Sendable {
    let host: String
    let process: Int32
    /// Clock ticks since the machine started (Linux: proc(5), field 22).
    let started: String

    static var current: ProcessIdentity {
        let process = ProcessInfo.processInfo.processIdentifier
        return ProcessIdentity(
            host: ProcessInfo.processInfo.hostName,
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
        guard host == Self.current.host else { return false }
        return Self.startTime(of: process) != started
    }

    private static func startTime(of process: Int32) -> String? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            // The second field is the name in parentheses, which may contain anything.
            let end = text.lastIndex(of: ")")
        else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? String(fields[19]) : nil
    }
}
