import ArgumentParser
import CausewayJSON
import CausewayModel
import CausewayStore

/// How much of a plan is shown, and how.
struct PlanListing: ParsableArguments {
    @Flag(help: "List every action instead of a few examples of each kind.")
    var all = false
    @Option(
        help: "List so many actions, from the first on, instead of examples; 0 for all. With --json, 200 by default."
    )
    var limit: Int?

    private static let jsonLimit = 200

    func validate() throws {
        guard limit ?? 0 >= 0 else { throw ArgumentParser.ValidationError("--limit must not be negative.") }
        guard !all || limit == nil else { throw ArgumentParser.ValidationError("Give --all or --limit, not both.") }
    }

    func show(_ run: RunID, from store: Store, _ output: Output) async throws {
        let summary = try await RunSummary.load(run, from: store)
        if output.isJSON { return output.print(try await json(summary, from: store)) }
        output.print(summary, isListed: true)
        guard !summary.counts.isEmpty else { return }
        let text = PlanText(terminal: output.terminal)
        output.print("")
        guard let most = all ? 0 : limit else {
            let examples = try await store.read { try PlanExamples(summary, in: $0) }
            return examples.lines(text).forEach { output.print($0) }
        }
        let count = try await visit(run, most, from: store) { action in
            for line in text.lines(for: action) { output.print(line) }
        }
        if most > 0, count == most { output.print("… only the first \(most); --all lists all.") }
    }

    private func json(_ summary: RunSummary, from store: Store) async throws -> JSONValue {
        guard case .object(var json) = summary.json else { return summary.json }
        var actions: [JSONValue] = []
        try await visit(summary.run.id, all ? 0 : limit ?? Self.jsonLimit, from: store) { actions.append($0.json) }
        json["actions"] = .array(actions)
        return .object(json)
    }

    /// Reads actions in the order of the plan.
    ///
    /// - Parameter most: the maximum number of actions; 0 for all.
    /// - Returns: how many there were.
    @discardableResult
    private func visit(_ run: RunID, _ most: Int, from store: Store, _ body: (StoredAction) -> Void) async throws -> Int
    {
        var (last, count): (Int64, Int) = (0, 0)
        while most == 0 || count < most {
            let wanted = most == 0 ? 500 : min(500, most - count)
            let page = try await store.read { [last] in try $0.actions(of: run, after: last, limit: wanted) }
            guard let end = page.last else { break }
            page.forEach(body)
            (last, count) = (end.action.sequence, count + page.count)
        }
        return count
    }
}
