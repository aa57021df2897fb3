import CausewayModel
import Foundation

/// A time as a person gives it: a day in UTC, a moment, or how long ago. Pure.
enum LogTime {
    case day(Timestamp)
    case moment(Timestamp)
    case ago(Duration)

    private static let lengthOfDay: Duration = .seconds(86_400)

    /// - Parameter option: the option that gives it, for the message.
    /// - Throws: ``UserError`` if it cannot be read.
    init(_ text: String, _ option: String) throws {
        // Foundation reads the beginning of a text, whatever follows.
        if text.utf8.count == 10, let start = try? Date("\(text)T00:00:00Z", strategy: .iso8601) {
            self = .day(Timestamp(start))
        } else if let moment = Self.moment(text) {
            self = .moment(Timestamp(moment))
        } else if let span = DurationText(text) {
            self = .ago(span.duration)
        } else {
            throw UserError(
                "\(option) '\(text)' is not a time; write a day (2026-11-30), a time (2026-11-30T08:00:00Z), or how long ago (hours=2)."
            )
        }
    }

    private static func moment(_ text: String) -> Date? {
        (try? Date(text, strategy: .iso8601))
            ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
    }

    /// The first moment that it includes.
    func first(at now: Timestamp) -> Timestamp {
        switch self {
        case .day(let time), .moment(let time): time
        case .ago(let span): now - span
        }
    }

    /// The moment after the last that it includes.
    func end(at now: Timestamp) -> Timestamp {
        if case .day(let start) = self { return start + Self.lengthOfDay }
        return first(at: now)
    }
}
