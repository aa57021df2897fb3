import CausewayJSON
import Foundation
import Synchronization

/// A tenant's file: everything that happened to it as lines of JSON, in order. It is read once, when the tenant starts.
final class TenantJournal: Sendable {
    private struct State {
        var pending: [UInt8] = []
        /// Up to where the file is complete.
        var end: UInt64 = 0
    }

    private let file: FileHandle
    private let path: String
    private let state = Mutex(State())

    /// Opens a file, creating it if there is none.
    ///
    /// - Throws: ``EmulatorError`` if that is impossible.
    init(at url: URL) throws(EmulatorError) {
        path = url.path
        do {
            let folder = url.deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            // It contains secrets of applications.
            if !FileManager.default.fileExists(atPath: path) {
                try Data().write(to: url)
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            }
            file = try FileHandle(forUpdating: url)
        } catch {
            throw EmulatorError(
                description: "The tenant's file \(url.path) cannot be opened; check that its folder is writable."
            )
        }
    }

    /// Reads the file. A last line that a crash cut short is removed.
    ///
    /// - Throws: ``EmulatorError`` if a line before the last is damaged.
    func replay() throws(EmulatorError) -> KeptTenant {
        let bytes: Data
        do { bytes = try file.readToEnd() ?? Data() } catch {
            throw EmulatorError(description: "The tenant's file \(path) cannot be read.")
        }
        var kept = KeptTenant()
        var number = 0
        var whole: UInt64 = 0
        for text in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast() {
            number += 1
            guard let json = try? JSONValue(parsing: text),
                let (line, date) = JournalLine.read(json, count: kept.directory.entries.count)
            else {
                throw EmulatorError(
                    description:
                        "Line \(number) of the tenant's file \(path) is damaged; remove the file to start again."
                )
            }
            kept.take(line, at: date)
            whole += UInt64(text.count + 1)
        }
        let end = whole
        do { try file.truncate(atOffset: end) } catch {
            throw EmulatorError(description: "The tenant's file \(path) cannot be written.")
        }
        state.withLock { $0.end = end }
        return kept
    }

    func append(_ line: JournalLine, at date: Date) {
        state.withLock { state in
            line.json(at: date).write(to: &state.pending)
            state.pending.append(UInt8(ascii: "\n"))
        }
    }

    /// Writes what was appended; called before a request is answered. What cannot be written stays, and is tried again with the next
    /// request, so that no line is missing before another.
    func flush() throws(EmulatorError) {
        let isWritten = state.withLock { state in
            guard !state.pending.isEmpty else { return true }
            do {
                // A write that failed half-way left a part of a line.
                try file.truncate(atOffset: state.end)
                try file.seek(toOffset: state.end)
                try file.write(contentsOf: state.pending)
            } catch { return false }
            state.end += UInt64(state.pending.count)
            state.pending = []
            return true
        }
        if !isWritten {
            throw EmulatorError(description: "The tenant's file \(path) cannot be written; is the disk full?")
        }
    }
}
