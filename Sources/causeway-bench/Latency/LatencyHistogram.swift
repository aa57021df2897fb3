import CausewayJSON

/// Times, sorted into buckets whose limits are 1, 2 and 5 times powers of ten.
struct LatencyHistogram: Equatable {
    /// The times from one limit to the next.
    struct Bucket: Equatable {
        /// The times in it are shorter.
        let below: Double
        let count: Int
    }

    /// In milliseconds, the shortest first.
    private let times: [Double]

    /// - Parameter milliseconds: in any order.
    init(milliseconds: [Double]) { times = milliseconds.sorted() }

    /// From the first with a time in it to the last.
    var buckets: [Bucket] {
        var (buckets, rest) = ([Bucket](), times[...])
        for limit in Self.limits where !rest.isEmpty {
            let inside = rest.prefix { $0 < limit }
            rest = rest.dropFirst(inside.count)
            if !inside.isEmpty || !buckets.isEmpty { buckets.append(Bucket(below: limit, count: inside.count)) }
        }
        return buckets
    }

    /// From a tenth of a millisecond on.
    private static let limits =
        [0.1, 1, 10, 100, 1000, 10_000, 100_000, 1_000_000].flatMap { [$0, 2 * $0, 5 * $0] } + [.infinity]

    /// - Parameter share: from 0 to 1.
    func percentile(_ share: Double) -> Double? { Statistics.percentile(share, of: times) }

    private static let summary = [("min", 0.0), ("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1)]
}

extension LatencyHistogram {
    var json: JSONValue {
        var result: [String: JSONValue] = ["count": .integer(Int64(times.count))]
        for (name, share) in Self.summary {
            result["\(name)_milliseconds"] = percentile(share).map { .number($0) } ?? .null
        }
        result["buckets"] = .array(
            buckets.map { ["below_milliseconds": .number($0.below), "count": .integer(Int64($0.count))] }
        )
        return .object(result)
    }

    /// For a person.
    var lines: [String] {
        let numbers = Self.summary.map { name, share in "\(name) \(percentile(share).map(ShortNumber.text) ?? "–")" }
        let most = max(1, buckets.map(\.count).max() ?? 1)
        let rows = buckets.map { bucket in
            let bar = String(repeating: "█", count: (bucket.count * Self.width + most - 1) / most)
            let limit = String(repeating: " ", count: max(0, 6 - ShortNumber.plain(bucket.below).count))
            return "  < \(limit)\(ShortNumber.plain(bucket.below)) ms  \(bar) \(bucket.count)"
        }
        return ["\(times.count) changes, milliseconds: \(numbers.joined(separator: ", "))"] + rows
    }

    private static let width = 50
}
