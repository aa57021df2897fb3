import CausewayJSON
import Foundation
import Synchronization

/// A tenant's file: every change as a line of JSON, in order. It is read once, when the tenant starts.
final class DirectoryJournal: Sendable {
    private let file: FileHandle
    private let pending = Mutex<[UInt8]>([])

    /// Opens a file, making it where there is none.
    ///
    /// - Throws: ``EmulatorError`` where that is impossible.
    init(at url: URL) throws(EmulatorError) {
        do {
            let folder = url.deletingLastPathComponent()
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            if !FileManager.default.fileExists(atPath: url.path) { try Data().write(to: url) }
            file = try FileHandle(forUpdating: url)
        } catch {
            throw EmulatorError(
                description: "The tenant's file \(url.path) cannot be opened; check that its folder may be written."
            )
        }
    }

    /// Carries the file's changes out. A last line that a crash cut short is cut off.
    ///
    /// - Throws: ``EmulatorError`` where a line before the last is no change.
    func replay(into directory: inout TenantDirectory) throws(EmulatorError) {
        let bytes: Data
        do { bytes = try file.readToEnd() ?? Data() } catch {
            throw EmulatorError(description: "The tenant's file cannot be read.")
        }
        var number = 0
        var whole = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast() {
            number += 1
            guard let json = try? JSONValue(parsing: line),
                let (mutation, date) = Mutation.read(json, count: directory.entries.count)
            else {
                throw EmulatorError(
                    description: "Line \(number) of the tenant's file is damaged; remove the file to start anew."
                )
            }
            directory.apply(mutation, at: date)
            whole += line.count + 1
        }
        do {
            try file.truncate(atOffset: UInt64(whole))
            try file.seekToEnd()
        } catch { throw EmulatorError(description: "The tenant's file cannot be written.") }
    }

    func append(_ mutation: Mutation, at date: Date) {
        pending.withLock { pending in
            mutation.json(at: date).write(to: &pending)
            pending.append(UInt8(ascii: "\n"))
        }
    }

    /// Writes what was appended; called before a request is answered.
    func flush() throws(EmulatorError) {
        let isWritten = pending.withLock { pending in
            defer { pending = [] }
            return pending.isEmpty || (try? file.write(contentsOf: pending)) != nil
        }
        if !isWritten {
            throw EmulatorError(description: "The tenant's file cannot be written; is the disk full?")
        }
    }
}
