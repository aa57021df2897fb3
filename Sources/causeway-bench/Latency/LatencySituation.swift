import ArgumentParser
import CausewayJSON

/// What a server has to do in addition to a single change.
enum LatencySituation: String, CaseIterable, ExpressibleByArgument, Sendable {
    case idle
    /// A full sync of another provider.
    case otherSync = "other_sync"
    /// Changes of other users from a source.
    case arrivals

    var words: String {
        switch self {
        case .idle: "idle"
        case .otherSync: "during another provider's full sync"
        case .arrivals: "while changes arrive from a source"
        }
    }
}

/// What was measured in a situation.
struct LatencyResult: Sendable {
    let situation: LatencySituation
    let times: ChangeSeries.Times
    /// What else was done in that time, and how many writes the tenant got.
    let load: [String: JSONValue]

    var json: JSONValue {
        [
            "to_request": LatencyHistogram(milliseconds: times.toRequest).json,
            "to_answer": LatencyHistogram(milliseconds: times.toAnswer).json, "load": .object(load),
            "is_cut_short": .bool(times.isCutShort),
        ]
    }

    /// For a person.
    var lines: [String] {
        let load = load.sorted { $0.key < $1.key }.map { name, number in
            "\(name.replacing("_", with: " ")): \(ShortNumber.text(number.double ?? 0))"
        }
        let end =
            times.isCutShort
            ? ["A change was not answered within \(ChangeSeries.patience); the series ends there."] : []
        return ["\(situation.words) (\(load.joined(separator: ", ")))"] + end + ["", "commit to request"]
            + LatencyHistogram(milliseconds: times.toRequest).lines + ["", "commit to answer"]
            + LatencyHistogram(milliseconds: times.toAnswer).lines
    }
}
