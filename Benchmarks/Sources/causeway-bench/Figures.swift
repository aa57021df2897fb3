import Foundation

/// The figures of mapping, planning and syncing, each with its target.
struct Figures {
    typealias Row = (what: String, figure: String, target: String)

    let rows: [Row]

    init(mapping: [String: Any], demo: [String: Any]) throws {
        func part(_ name: String) throws -> [String: Any] {
            guard let part = demo[name] as? [String: Any] else {
                throw BenchError("the demonstration's JSON has no '\(name)'")
            }
            return part
        }
        let (plan, first, second) = (try part("plan"), try part("first_sync"), try part("second_sync"))
        let objects = Double(Self.number(first, "examined_users") + Self.number(first, "examined_groups"))
        let ratio = Double(Self.number(demo, "writes")) / Double(max(1, Self.number(demo, "fewest_writes")))
        let secondSeconds = try Self.seconds(second)
        rows = [
            ("mapping evaluation, both sides of the pipe", Self.rate(mapping["rate"] as? Double ?? 0), "≥ 100000/s"),
            ("plan of a first sync", Self.rate(objects / (try Self.seconds(plan))), "–"),
            ("first sync, unthrottled", Self.rate(objects / (try Self.seconds(first))), "≥ 1500/s"),
            ("writes of the first sync ÷ W_bind", String(format: "%.3f", ratio), "1.00"),
            ("writes of a sync with nothing to do", "\(Self.number(demo, "second_sync_writes"))", "0"),
            ("sync with nothing to do", String(format: "%.1f s", secondSeconds), "≤ 15 s for 100,000 users"),
            ("the same, objects looked at", Self.rate(objects / secondSeconds), "≥ 7000/s"),
        ]
    }

    /// A row as it is printed.
    static func line(_ row: Row) -> String {
        let name = row.what.padding(toLength: max(56, row.what.count), withPad: " ", startingAt: 0)
        let value = String(repeating: " ", count: max(0, 10 - row.figure.count)) + row.figure
        return "\(name)  \(value)   target \(row.target)"
    }

    private static func number(_ json: [String: Any], _ name: String) -> Int {
        (json[name] as? NSNumber)?.intValue ?? 0
    }

    private static func rate(_ value: Double) -> String { "\(Int(value.rounded()))/s" }

    /// How long a run took, from its own times.
    private static func seconds(_ run: [String: Any]) throws -> Double {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        guard let start = (run["started"] as? String).flatMap(formatter.date),
            let end = (run["finished"] as? String).flatMap(formatter.date), end > start
        else { throw BenchError("a run has no times") }
        return end.timeIntervalSince(start)
    }
}
