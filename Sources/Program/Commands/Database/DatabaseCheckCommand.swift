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
            Checks what the engine itself can check, and Causeway's own rows: links, actions, memberships, search entries, counters and \
            positions in the journal. A server may run at the same time. The exit status is 0 if all is well, and 1 if something is \
            damaged.
            """
    )

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let settings = try data.settings()
        let place = try settings.databasePlace()
        if case .file = place { try settings.openFolder().requireDatabase() }
        let findings = try await Self.findings(of: place)
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

    private static func findings(of place: DatabasePlace) async throws -> [DatabaseCheck.Finding] {
        let check = try await DatabaseCheck(of: place)
        do {
            let findings = try await check.findings()
            try check.close()
            return findings
        } catch {
            try? check.close()
            throw error
        }
    }
}
