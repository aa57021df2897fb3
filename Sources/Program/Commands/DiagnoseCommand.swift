import ArgumentParser
import CausewayGraphTypes
import CausewayInstallation
import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayStore
import Foundation

/// `causeway diagnose`
struct DiagnoseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diagnose",
        abstract:
            "Checks everything that Causeway needs: data folder, disk, database, Python, and the sandbox of mappings.",
        discussion: "Exit status 0 if all is well, 1 if something is missing."
    )

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    /// One check and its result.
    private struct Check {
        let subject: String
        let isGood: Bool
        let sentence: String
    }

    func run() async throws {
        let settings = try data.settings()
        let checks = await [Self.version] + dataFolder(settings) + [database(settings)] + mappings(settings)
        let output = Output(output)
        if output.isJSON {
            output.print(
                .array(
                    checks.map {
                        ["subject": .string($0.subject), "ok": .bool($0.isGood), "message": .string($0.sentence)]
                    }
                )
            )
        } else {
            for check in checks {
                let mark = check.isGood ? output.terminal.paint("ok", .green) : output.terminal.paint("missing", .red)
                output.print("\(mark)  \(check.subject): \(check.sentence)")
            }
        }
        if checks.contains(where: { !$0.isGood }) { throw ExitStatus.failed }
    }

    private static let version = Check(
        subject: "version",
        isGood: true,
        sentence: "This is causeway \(Version.current)."
    )

    private func dataFolder(_ settings: Settings) -> [Check] {
        do {
            let folder = try settings.openFolder()
            try folder.requireWritable()
            return [
                Check(subject: "data folder", isGood: true, sentence: "\(folder.path) is private to this user."),
                try disk(folder.path, atLeast: settings.leastFreeSpace()),
            ]
        } catch {
            return [Check(subject: "data folder", isGood: false, sentence: "\(error)")]
        }
    }

    private func disk(_ path: String, atLeast least: Int64) -> Check {
        guard let free = DataFolder.freeSpace(at: path) else {
            return Check(
                subject: "disk",
                isGood: false,
                sentence: "The free space on the disk of \(path) cannot be determined."
            )
        }
        let sentence = "\(free >> 20) MB are free; the server is ready while at least \(least >> 20) MB are."
        return Check(subject: "disk", isGood: free >= least, sentence: sentence)
    }

    private func database(_ settings: Settings) async -> Check {
        do {
            let store = try await settings.openStore()
            let (users, groups) = try await store.read { (try $0.userCounts().all, try $0.groupCount()) }
            try store.close()
            let sentence = "\(try settings.databasePlace().name) contains \(users) users and \(groups) groups."
            return Check(subject: "database", isGood: true, sentence: sentence)
        } catch {
            let subject = (error as? StoreError)?.code == .secretKey ? "secret key" : "database"
            return Check(subject: subject, isGood: false, sentence: "\(error)")
        }
    }

    private func mappings(_ settings: Settings) async -> [Check] {
        do {
            let host = try settings.mappingHost()
            return [await python(host)] + Self.layers(host)
        } catch {
            return [Check(subject: "mappings", isGood: false, sentence: "\(error)")]
        }
    }

    private func python(_ host: MappingEnvironment) async -> Check {
        do {
            let mapping = PropertyMapping(name: "diagnose", expression: "return None")
            let began = ContinuousClock.now
            _ = try await MappingLint([mapping], kind: .user, types: try .load(), environment: host).findings()
            let took = Int((ContinuousClock.now - began).seconds * 1000)
            let sentence =
                "\(host.python.path) evaluates mappings in \(host.limits.workers) workers; one starts in \(took) ms."
            return Check(subject: "python", isGood: true, sentence: sentence)
        } catch {
            return Check(subject: "python", isGood: false, sentence: "\(error)")
        }
    }

    private static func layers(_ host: MappingEnvironment) -> [Check] {
        var checks = host.protection.findings.map {
            Check(subject: $0.name, isGood: $0.isPresent, sentence: $0.sentence)
        }
        if let blockingReason = host.blockingReason {
            checks.append(Check(subject: "mappings", isGood: false, sentence: blockingReason))
        }
        return checks
    }
}
