import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayStore
import HTTPTypes

/// `causeway log`
struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "Shows who changed what, and what else happened, the latest first.",
        discussion: """
            For example, who set the filter group of a provider: causeway log --object 'Entra ID' --changes. The filters are those of \
            the page Logs; an event is shown if all of them fit.
            """
    )

    @OptionGroup var filter: LogFilter
    @Flag(help: "Also each changed field, with its old and its new value.")
    var changes = false
    @Option(help: "The maximum number of events; 0 for all.")
    var limit = 50
    @OptionGroup var data: DataOptions
    @Flag(help: "Print JSON instead of text: a line for each event.")
    var json = false

    private static let pageSize = 500

    func validate() throws {
        guard limit >= 0 else { throw ArgumentParser.ValidationError("--limit must not be negative.") }
    }

    func run() async throws {
        let output = Output(isJSON: json)
        var table = LogText.table
        var count = 0
        let isCut = try await data.withStore { store in
            let query = try filter.query(at: try await store.read { $0.now })
            let api = try CommandAPI(store, data)
            return try await events(query, api) { event in
                count += 1
                if json { return Swift.print(event.text) }
                let line = LogText(event: event)
                if !changes { return line.add(to: &table) }
                for line in line.lines(for: output.terminal) { output.print(line) }
            }
        }
        if json { return }
        if !changes || count == 0 { output.print(table, orIfEmpty: "No event fits.") }
        if isCut { printError("The latest \(limit) are shown; --limit 0 shows all.") }
    }

    /// Reads events page by page, the latest first.
    ///
    /// - Returns: whether there are more than the limit.
    private func events(_ query: String, _ api: CommandAPI, _ show: (JSONValue) -> Void) async throws -> Bool {
        var left = limit == 0 ? Int.max : limit
        var place: Int64?
        while true {
            let before = place.map { "&before=\($0)" } ?? ""
            let page = try await api.send(
                .get,
                "/causeway/events/?limit=\(min(left, Self.pageSize))\(before)\(query)"
            )
            let events = page["results"]?.array ?? []
            events.forEach(show)
            left -= events.count
            place = page["next"]?.integer
            guard place != nil else { return false }
            guard left > 0 else { return true }
        }
    }
}

/// Which events are shown.
struct LogFilter: ParsableArguments {
    @Option(help: "Only events about the object of this name.")
    var object: String?
    @Option(
        help: "Only events about objects of this type.",
        completion: .list(LogText.types.map(\.word)),
        transform: LogFilter.type
    )
    var type: String?
    @Option(help: "Only what this person did; 'command line' and 'causeway' (the program itself) are persons, too.")
    var actor: String?
    @Option(
        help: "Only this action, such as model_updated or login_failed.",
        completion: .list(EventKind.allCases.map(\.rawValue))
    )
    var action: String?
    @Option(help: "Only events of this kind: changes, runs, access or problems.")
    var kind: EventKind.Area?
    @Option(
        help: "Only events since then: a day (2026-11-30), a time (2026-11-30T08:00:00Z), or how long ago (hours=2)."
    )
    var since: String?
    @Option(help: "Only events before then, written like --since; a day is included.")
    var until: String?
    @Option(help: "Only events that contain these words.")
    var search: String?

    /// The parameters of the API's list of events; each begins with `&`.
    ///
    /// - Throws: ``UserError`` for a time that cannot be read.
    func query(at now: Timestamp) throws -> String {
        let times = [
            ("from", try since.map { try LogTime($0, "--since").first(at: now) }),
            ("until", try until.map { try LogTime($0, "--until").end(at: now) }),
        ].map { ($0, $1?.text) }
        let all =
            [
                ("object_name", object), ("object_type", type), ("user", actor), ("action", action),
                ("area", kind?.rawValue), ("search", search),
            ] + times
        return all.compactMap { name, value in value.map { "&\(name)=\($0.pathPart)" } }.joined()
    }

    /// The API's name of a type.
    @Sendable private static func type(_ word: String) throws -> String {
        guard let type = LogText.types.first(where: { $0.word == word || $0.name == word }) else {
            let known = LogText.types.map(\.word).joined(separator: ", ")
            throw ArgumentParser.ValidationError("It is one of: \(known).")
        }
        return type.name
    }
}

extension EventKind.Area: ExpressibleByArgument {}
