import CausewayJSON
import CausewayModel

/// How long a change of one user takes to the tenant and back.
struct LatencyFigures {
    /// Measures, and passes on each row.
    func measure(_ row: (Figure) -> Void) throws {
        let result = try Measurement.run("latency")
        for situation in LatencySituation.allCases {
            let times = try part(situation, result)
            for (way, words) in [("to_request", "request on the wire"), ("to_answer", "Entra's answer")] {
                for share in ["p50", "p99"] {
                    // There is none if not even the first change was answered in time.
                    guard let time = times[way]?["\(share)_milliseconds"], !time.isNull else { continue }
                    let target = situation == .idle && way == "to_answer" && share == "p99" ? "≤ 150 ms" : "–"
                    let key = "latency.\(situation.rawValue).\(way).\(share)"
                    let name = "commit → \(words), \(situation.words), \(share)"
                    row(Figure(key, name, .milliseconds(time), target: target))
                }
            }
        }
        let cutShort = try LatencySituation.allCases.filter { try part($0, result)["is_cut_short"]?.bool == true }.count
        let words = "situations in which a change waits longer than \(Int(ChangeSeries.patience.seconds)) s"
        row(Figure("latency.cut_short", words, .count(JSONValue.integer(Int64(cutShort))), target: "0"))
        let reached = Figure.Value.rate(try part(.arrivals, result)["load"]?["changes_per_second"])
        row(Figure("latency.arrivals.rate", "changes that arrived from the source", reached, target: "1000/s"))
        try compareSizes(with: result, row)
    }

    /// What a change costs does not depend on how many people there are.
    private func compareSizes(with larger: JSONValue, _ row: (Figure) -> Void) throws {
        let smaller = try Measurement.run("latency", "--users", "1000", "--only", LatencySituation.idle.rawValue)
        let medians = try [larger, smaller].map {
            Figure.number(try part(.idle, $0)["to_answer"]?["p50_milliseconds"])
        }
        let ratio = Figure.Value.ratio(medians[0] / max(0.001, medians[1]), places: 2)
        let words = "commit → Entra's answer, 20,000 people ÷ 1,000 people"
        row(Figure("latency.idle.size_ratio", words, ratio, target: "≤ 1.50"))
    }

    private func part(_ situation: LatencySituation, _ result: JSONValue) throws -> JSONValue {
        guard let part = result["situations"]?[situation.rawValue] else {
            throw BenchError("a measurement has no '\(situation.rawValue)'")
        }
        return part
    }
}
