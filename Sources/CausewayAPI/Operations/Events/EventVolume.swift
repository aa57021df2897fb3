import CausewayJSON
import CausewayModel
import CausewayStore
import Foundation

/// The number of events in each day or hour of a time, by area. Days begin at midnight in a time zone.
struct EventVolume {
    enum Span: String, Sendable {
        case hour, day

        fileprivate var component: Calendar.Component { self == .hour ? .hour : .day }
        /// The number of spans if no time is asked for, and the maximum.
        fileprivate var usual: Int { self == .hour ? 48 : 14 }
        fileprivate var most: Int { self == .hour ? 168 : 92 }
    }

    /// What events are counted by before they are added up: the offsets of all time zones are multiples of it.
    static let piece = Duration.seconds(900)

    /// With both ends of the time.
    let filter: EventLogFilter
    private let span: Span
    /// When each span begins, in order.
    private let beginnings: [Timestamp]
    /// Where the spans begin, if that is later than the wanted time.
    private let cut: Timestamp?

    /// - Parameter filter: a time that is longer than the maximum is cut at its beginning.
    init(_ filter: EventLogFilter, _ span: Span, in zone: TimeZone, at now: Timestamp) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        func interval(at time: Timestamp) -> (start: Timestamp, end: Timestamp) {
            let date = Date(timeIntervalSince1970: Double(time.milliseconds) / 1000)
            guard let found = calendar.dateInterval(of: span.component, for: date) else { return (time, time) }
            return (Timestamp(found.start), Timestamp(found.end))
        }
        let last = interval(at: filter.until.map { Timestamp(milliseconds: $0.milliseconds - 1) } ?? now)
        var beginnings = [last.start]
        let most = filter.from == nil ? span.usual : span.most
        while beginnings.count < most, filter.from.map({ beginnings[0] > $0 }) ?? true {
            beginnings.insert(interval(at: Timestamp(milliseconds: beginnings[0].milliseconds - 1)).start, at: 0)
        }
        cut = filter.from.flatMap { $0 < beginnings[0] ? beginnings[0] : nil }
        var filter = filter
        filter.from = [filter.from, beginnings.first].compactMap(\.self).max()
        filter.until = filter.until ?? last.end
        (self.filter, self.span, self.beginnings) = (filter, span, beginnings)
    }

    /// - Parameters:
    ///   - counts: by ``piece``.
    ///   - since: the time from which on all events are counted; nil for the whole time.
    func json(_ counts: [EventCount], since: Timestamp?) -> JSONValue {
        let since = [since, cut].compactMap(\.self).max()
        let found = Dictionary(grouping: counts) { place(of: $0.time) }
        return [
            "span": .string(span.rawValue), "counted_since": JSONValue(since.map(APITime.text)),
            "spans": .array(beginnings.indices.map { Self.json(beginnings[$0], found[$0] ?? []) }),
        ]
    }

    /// The place of the span with a time. The first span may begin within a piece.
    private func place(of time: Timestamp) -> Int { beginnings.lastIndex { $0 <= time } ?? 0 }

    private static func json(_ time: Timestamp, _ counts: [EventCount]) -> JSONValue {
        var json: [String: JSONValue] = ["time": .string(APITime.text(time))]
        for area in EventKind.Area.allCases {
            let count = counts.filter { EventKind.area(of: $0.action) == area }.reduce(0) { $0 + $1.count }
            json[area.rawValue] = .integer(Int64(count))
        }
        return .object(json)
    }
}
