import ArgumentParser
import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import Foundation
import Logging

/// How fast a run goes.
struct PaceOptions: ParsableArguments {
    @Flag(help: "Leave pacing to the tenant's refusals, in place of Microsoft's documented limits.")
    var unpaced = false

    func runtime() throws -> ProvisioningRuntime {
        try .load(limits: unpaced ? nil : .documented, logger: .program)
    }
}

extension Logger {
    /// The program's log: errors alone, unless CAUSEWAY_LOG_LEVEL says otherwise.
    static var program: Logger {
        var logger = Logger(label: "causeway") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel =
            ProcessInfo.processInfo.environment["CAUSEWAY_LOG_LEVEL"].flatMap { Logger.Level(rawValue: $0) } ?? .error
        return logger
    }
}

/// `causeway sync PROVIDER`
struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Makes the tenant hold what the directory says."
    )

    @Argument(help: "The provider's name.")
    var provider: String
    @Flag(help: "Approve what the guard of this run holds back, and carry it out.")
    var approve = false
    @OptionGroup var pace: PaceOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let (first, second) = try await data.withStore { store in
            let provider = try await store.provider(named: provider)
            let work = RunWork(store: store, runtime: try pace.runtime())
            let first = try await work.run(provider, trigger: .manual)
            guard approve, first.run.status == .awaitingApproval else { return (first, RunSummary?.none) }
            return (first, try await work.approve(first.run, of: provider, by: .operatingSystemUser))
        }
        let output = Output(output)
        if let second {
            output.print(second, afterApproving: first)
        } else {
            output.print(first)
        }
        if let ending = (second ?? first).ending { throw ending }
    }
}

/// `causeway status`
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Shows what the directory holds and how each provider's last runs ended."
    )

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let output = Output(output)
        let json: JSONValue = try await data.withStore { store in
            try await store.read { transaction in
                let users = try transaction.userCounts()
                return [
                    "users": .integer(Int64(users.all)), "active_users": .integer(Int64(users.active)),
                    "groups": .integer(Int64(try transaction.groupCount())),
                    "memberships": .integer(Int64(try transaction.membershipCount())),
                    "providers": .array(try transaction.providers().map { try Self.status(of: $0, transaction) }),
                ]
            }
        }
        if output.isJSON { return output.print(json) }
        func count(_ name: String) -> String { json[name]?.text ?? "" }
        output.print(
            "\(count("users")) users (\(count("active_users")) active), \(count("groups")) groups, \(count("memberships")) memberships"
        )
        var table = Table(
            ("Provider", .left),
            ("State", .left),
            ("Users", .right),
            ("Groups", .right),
            ("Last run", .left),
            ("Started", .left),
            ("Message", .left)
        )
        for provider in json["providers"]?.array ?? [] {
            func text(_ name: String) -> String { provider[name]?.string ?? provider[name]?.text ?? "" }
            let last = provider["last_run"]
            table.add(
                text("name"),
                text("state"),
                text("linked_users"),
                text("linked_groups"),
                last?["status"]?.string ?? "never",
                last?["started"]?.string ?? "",
                last?["message"]?.string ?? ""
            )
        }
        output.print(table, orIfEmpty: "No providers yet.")
    }

    private static func status(of provider: EntraProvider, _ transaction: Transaction) throws -> JSONValue {
        let run = try transaction.runs(of: provider.id, limit: 1).first
        return [
            "pk": .integer(provider.id.rawValue), "name": .string(provider.name), "state": .string(provider.stateText),
            "linked_users": .integer(Int64(try transaction.connectionCount(provider: provider.id, kind: .user))),
            "linked_groups": .integer(Int64(try transaction.connectionCount(provider: provider.id, kind: .group))),
            "last_run": run.map { run in
                [
                    "id": .string(run.id.text), "status": .string(run.status.rawValue),
                    "started": .string(run.startedAt.text), "finished": JSONValue(run.finishedAt?.text),
                    "message": .string(run.message),
                ]
            } ?? .null,
        ]
    }
}
