import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayStore

/// `causeway status`
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract:
            "Shows the contents of the directory, the state of each provider, its outstanding work and its next run."
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
            ("Provider", .name),
            ("State", .left),
            ("Users", .right),
            ("Groups", .right),
            ("Last run", .left),
            ("Started", .left),
            ("Last full sync", .left),
            ("Next run", .left),
            ("Outstanding", .sentence)
        )
        for provider in json["providers"]?.array ?? [] {
            func text(_ name: String) -> String { provider[name]?.string ?? provider[name]?.text ?? "" }
            let (last, full) = (provider["last_run"], provider["last_full_sync"])
            table.add(
                text("name"),
                text("state_words"),
                text("linked_users"),
                text("linked_groups"),
                last.map { "\($0["status"]?.string ?? "never")\($0["kind"]?.string.map { " (\($0))" } ?? "")" } ?? "",
                last?["started"]?.string ?? "",
                full?["finished"]?.string.map { "\($0) (\(full?["status"]?.string ?? ""))" } ?? "never",
                provider["next_run"]?.string ?? "",
                (provider["outstanding"]?.array ?? []).compactMap(\.string).joined(separator: " ")
            )
        }
        output.print(table, orIfEmpty: "No providers yet.")
    }

    private static func status(of provider: EntraProvider, _ transaction: Transaction) throws -> JSONValue {
        let run = try transaction.runs(of: provider.id, limit: 1).first
        let full = try transaction.lastEndedFullSync(of: provider.id)
        let runState = try transaction.runState(of: provider.id)
        let outstanding = try transaction.outstanding(of: provider)
        return [
            "pk": .integer(provider.id.rawValue), "name": .string(provider.name),
            "state": .string(outstanding.state.rawValue), "state_words": .string(outstanding.state.words),
            "outstanding": JSONValue(outstanding.sentences), "failing": .integer(Int64(outstanding.failing)),
            "retried": .integer(Int64(outstanding.retried)), "refused": .integer(Int64(outstanding.refused)),
            "waiting": .integer(Int64(outstanding.waitingRuns)),
            "changes": .integer(Int64(outstanding.changes)),
            "is_paused": .bool(runState.schedule.isPaused),
            "next_run": JSONValue(runState.nextRun(at: transaction.now)?.text),
            "requested": JSONValue(runState.request?.trigger.rawValue), "quarantine": runState.quarantineJSON,
            "linked_users": .integer(Int64(try transaction.linkCount(provider: provider.id, kind: .user))),
            "linked_groups": .integer(Int64(try transaction.linkCount(provider: provider.id, kind: .group))),
            "last_run": run.map(json) ?? .null, "last_full_sync": full.map(json) ?? .null,
        ]
    }

    private static func json(_ run: Run) -> JSONValue {
        [
            "id": .string(run.id.text), "kind": .string(run.kindWords), "is_full": .bool(run.isFull),
            "trigger": .string(run.trigger.rawValue), "status": .string(run.status.rawValue),
            "started": .string(run.startedAt.text), "finished": JSONValue(run.finishedAt?.text),
            "message": .string(run.message),
        ]
    }
}

extension Run {
    /// What it covers, in a word or two.
    fileprivate var kindWords: String {
        if trigger == .preview { return "plan only" }
        return isFull ? "full" : trigger == .change ? "single changes" : "single objects"
    }
}
