import CausewayAPI
import CausewayJSON
import HTTPTypes

/// What every page of a provider shows: how it is, what waits, and the ways to the others.
struct ProviderFrame: Sendable {
    let texts: Texts

    private static let tabs = ["overview", "failures", "runs", "users", "groups", "drift", "schedule", "changelog"]

    /// - Parameters:
    ///   - tab: which of them this is.
    ///   - count: how many of the last runs are shown.
    ///   - status: 422 for a form that is shown again.
    func page(
        _ request: PageRequest,
        _ template: String,
        tab: String,
        _ values: [String: JSONValue],
        status: Int = 200,
        runs count: Int = 1
    ) async throws -> PageResponse {
        let id = request.value("id")
        let provider = try await request.api.send(.get, "/providers/microsoft_entra/\(id.urlPathPart)/").expected()
        let health = try await ProviderHealth(provider, runs: count, request.api)
        let base = "\(ProviderPages.address)\(id.urlPathPart)/"
        let name = provider["name"]?.string ?? id
        let tabs = Self.tabs.map { key -> JSONValue in
            [
                "title": .string(texts("provider.tabs.\(key)")),
                "address": .string(key == "overview" ? base : "\(base)\(key)/"), "is_current": .bool(key == tab),
            ]
        }
        let common: [String: JSONValue] = [
            "base": .string(base), "provider": provider, "state": .string(health.state),
            "state_words": .string(texts("states.\(health.state)")),
            "state_sentence": .string(
                texts("state_sentences.\(health.waitsForFirstSync ? "first_sync" : health.state)")
            ),
            "left_out": JSONValue(
                health.leftOut > 0 ? texts("provider.left_out", count: health.leftOut) : nil
            ), "tabs": .array(tabs),
            "has_outstanding": .bool(!health.sentences.isEmpty),
            "outstanding": .array(health.sentences.map(JSONValue.string)),
            "failing": JSONValue(health.failing > 0 ? texts("dashboard.failed", count: health.failing) : nil),
            "is_unassigned": .bool(!health.isAssigned), "is_dry_run": provider["dry_run"] ?? false,
            "quarantine": quarantine(health),
            "waiting": health.waitingShown(texts), "runs": .array(health.runs.map { RunSummary($0, texts).json }),
            "running": health.isRunning ? RunSummary(health.lastRun ?? .null, texts).json : .null,
        ]
        let content = PageContent(
            template,
            title: name,
            place: "providers",
            trail: [(texts("places.providers"), ProviderPages.address)],
            common.merging(values) { $1 }
        )
        return .page(content, status: status)
    }

    private func quarantine(_ health: ProviderHealth) -> JSONValue {
        guard let quarantine = health.quarantine else { return .null }
        return [
            "reason": quarantine["reason"] ?? .null, "since": Formatting.time(quarantine["since"]?.string) ?? .null,
            "until": Formatting.time(quarantine["until"]?.string) ?? .null,
        ]
    }
}
