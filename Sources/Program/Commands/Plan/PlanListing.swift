import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayStore

/// How much of a plan is shown, and how.
struct PlanListing: ParsableArguments {
    @Option(help: "The maximum number of actions; 0 for all.")
    var limit = 200

    func validate() throws {
        guard limit >= 0 else { throw ArgumentParser.ValidationError("--limit must not be negative.") }
    }

    func show(_ run: RunID, from store: Store, _ output: Output) async throws {
        let summary = try await RunSummary.load(run, from: store)
        var last: Int64 = 0
        var shown: [StoredAction] = []
        while limit == 0 || shown.count < limit {
            let wanted = limit == 0 ? 500 : min(500, limit - shown.count)
            let page = try await store.read { [last] in try $0.actions(of: run, after: last, limit: wanted) }
            guard let end = page.last else { break }
            shown += page
            last = end.action.sequence
        }
        if output.isJSON {
            guard case .object(var json) = summary.json else { return }
            json["actions"] = .array(shown.map(\.json))
            return output.print(.object(json))
        }
        let text = PlanText(terminal: output.terminal)
        for action in shown { for line in text.lines(for: action) { output.print(line) } }
        if limit > 0, shown.count == limit { output.print("… only the first \(limit); --limit 0 shows all.") }
        if !shown.isEmpty { output.print("") }
        output.print(summary)
    }
}
