import CausewayJSON
import CausewayModel
import CausewayStore

/// The number of events in each day or hour of a time, by area.
struct EventVolume {
    enum Span: String, Sendable {
        case hour, day

        var length: Duration { self == .hour ? .seconds(3600) : .seconds(86_400) }
        /// The number of spans if no time is asked for, and the maximum.
        fileprivate var usual: Int64 { self == .hour ? 48 : 14 }
        fileprivate var most: Int64 { self == .hour ? 168 : 92 }
    }

    /// With both ends of the time.
    let filter: EventLogFilter
    private let span: Span
    /// The numbers of the first and the last span.
    private let spans: ClosedRange<Int64>
    /// Where the spans begin, if that is later than the wanted time.
    private let cut: Timestamp?

    /// - Parameter filter: a time that is longer than the maximum is cut at its beginning.
    init(_ filter: EventLogFilter, _ span: Span, at now: Timestamp) {
        let length = span.length.wholeMilliseconds
        let last = ((filter.until?.milliseconds ?? now.milliseconds + 1) - 1) / length
        let wanted = (filter.from?.milliseconds).map { $0 / length } ?? last - span.usual + 1
        let first = last - span.most + 1
        spans = min(max(wanted, first), last)...last
        cut = wanted < first ? Timestamp(milliseconds: first * length) : nil
        self.span = span
        var filter = filter
        filter.from = max(filter.from ?? Timestamp(milliseconds: 0), Timestamp(milliseconds: spans.lowerBound * length))
        filter.until = filter.until ?? Timestamp(milliseconds: (last + 1) * length)
        self.filter = filter
    }

    /// - Parameter since: the time from which on all events are counted; nil for the whole time.
    func json(_ counts: [EventCount], since: Timestamp?) -> JSONValue {
        let length = span.length.wholeMilliseconds
        let since = [since, cut].compactMap(\.self).max()
        let found = Dictionary(grouping: counts) { $0.time.milliseconds / length }
        return [
            "span": .string(span.rawValue), "counted_since": JSONValue(since.map(APITime.text)),
            "spans": .array(
                spans.map { number in
                    let time = Timestamp(milliseconds: number * length)
                    return Self.json(time, found[number] ?? [])
                }
            ),
        ]
    }

    private static func json(_ time: Timestamp, _ counts: [EventCount]) -> JSONValue {
        var json: [String: JSONValue] = ["time": .string(APITime.text(time))]
        for area in EventKind.Area.allCases {
            let count = counts.filter { EventKind.area(of: $0.action) == area }.reduce(0) { $0 + $1.count }
            json[area.rawValue] = .integer(Int64(count))
        }
        return .object(json)
    }
}
