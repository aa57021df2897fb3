import CausewayAPI
import CausewayJSON
import HTTPTypes

/// How a provider is, in a word of the catalogue's `states`, and why. The word is the API's: nothing is worked out from runs here.
struct ProviderHealth: Sendable {
    let provider: JSONValue
    let guardState: JSONValue
    /// How it is, and what is outstanding, as the API tells of it.
    let outstanding: JSONValue
    /// The runs that were begun last, the latest first.
    let runs: [JSONValue]

    /// - Parameter runs: how many runs are asked for.
    init(_ provider: JSONValue, runs count: Int = 1, _ api: APIClient) async throws {
        let id = provider["pk"].map(ListView.plain) ?? ""
        self.provider = provider
        guardState = try await api.send(.get, "/causeway/providers/\(id)/guard/").expected()
        outstanding = try await api.send(.get, "/causeway/providers/\(id)/state/").expected()
        runs =
            try await api.send(.get, "/causeway/providers/\(id)/runs/?page_size=\(count)").expected()["results"]?.array
            ?? []
    }

    var lastRun: JSONValue? { runs.first }

    var isAssigned: Bool { provider["assigned_backchannel_application_slug"]?.string != nil }
    var waiting: [JSONValue] { guardState["waiting"]?.array ?? [] }
    /// What the template `waiting` shows: the first of them, where it is decided on, and the others behind it; null for none.
    func waitingShown(_ texts: Texts) -> JSONValue {
        var runs = waiting.map { run -> [String: JSONValue] in
            [
                "address": .string("\(RunPages.address)\(run["pk"]?.string ?? "")/"),
                "message": run["message"] ?? .null,
                "since": Formatting.time(run["started"]?.string) ?? .null,
            ]
        }
        guard !runs.isEmpty else { return .null }
        var first = runs.removeFirst()
        first["others"] = .array(runs.map { .object($0) })
        first["more"] = JSONValue(runs.isEmpty ? nil : texts("provider.waiting_more", count: runs.count))
        return .object(first)
    }
    var quarantine: JSONValue? {
        guardState["quarantine"]?["is_standing"]?.bool == true ? guardState["quarantine"] : nil
    }
    var isRunning: Bool {
        outstanding["is_running"]?.bool == true && lastRun?["is_final"]?.bool == false
            && lastRun?["status"] != "awaiting_approval"
    }

    /// Whether its first sync waits until a person has reviewed the plan.
    var waitsForFirstSync: Bool { waiting.contains { $0["is_first_sync"] == true } }

    /// Accounts that it leaves out because they only administer Causeway.
    var leftOut: Int { Int(guardState["left_out_administrators"]?.integer ?? 0) }

    /// The most urgent thing that can be said about it.
    var state: String { outstanding["state"]?.string ?? "never_synced" }
    /// How many objects fail, with those of which Entra refuses a part.
    var failing: Int { Int((outstanding["failing"]?.integer ?? 0) + (outstanding["refused"]?.integer ?? 0)) }
    /// What is outstanding, in sentences.
    var sentences: [String] { outstanding["sentences"]?.array?.compactMap(\.string) ?? [] }
}
