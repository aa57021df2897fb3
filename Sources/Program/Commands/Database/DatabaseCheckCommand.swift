import ArgumentParser
import CausewayJSON
import CausewayStore
import Foundation

/// `causeway database check`
struct DatabaseCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Looks for damage in the database; changes nothing.",
        discussion: """
            Checks what the engine itself can check, and Causeway's own rows: references, search texts, counters and positions in the \
            journal. A server may run at the same time; then SQLite's search indexes are not compared. The exit status is 0 if all is \
            well, and 1 if something is damaged.
            """
    )

    @Flag(help: "First write the search texts of users that lack one or have a wrong one.")
    var repairSearch = false

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let settings = try data.settings()
        let place = try settings.databasePlace()
        var lock: FolderLock?
        if case .file = place { lock = try Self.lock(settings.openFolder()) }
        let findings = try await findings(of: place, isAlone: lock != nil)
        withExtendedLifetime(lock) {}
        let output = Output(output)
        if output.isJSON {
            output.print(
                .array(
                    findings.map {
                        ["subject": .string($0.subject), "ok": .bool($0.isGood), "message": .string($0.sentence)]
                    }
                )
            )
        } else {
            for finding in findings {
                let mark = finding.isGood ? output.terminal.paint("ok", .green) : output.terminal.paint("damaged", .red)
                output.print("\(mark)  \(finding.subject): \(finding.sentence)")
            }
        }
        if findings.contains(where: { !$0.isGood }) { throw ExitStatus.failed }
    }

    /// Keeps servers out; nil if one runs.
    private static func lock(_ folder: DataFolder) throws -> FolderLock? {
        try folder.requireDatabase()
        do { return try FolderLock(folder) } catch let error where error.code == .locked { return nil }
    }

    private func findings(of place: DatabasePlace, isAlone: Bool) async throws -> [DatabaseCheck.Finding] {
        let check = try await DatabaseCheck(of: place, isAlone: isAlone)
        do {
            if repairSearch {
                let repaired = try await check.repairSearchTexts()
                if !output.json { Output(output).print("Search texts that were repaired: \(repaired)") }
            }
            let findings = try await check.findings()
            try check.close()
            return findings
        } catch {
            try? check.close()
            throw error
        }
    }
}
