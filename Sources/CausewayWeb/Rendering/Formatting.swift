import CausewayJSON
import Foundation

/// Formats numbers and times for people.
enum Formatting {
    /// A number with a comma between thousands.
    static func number(_ number: Int) -> String {
        var digits = String(abs(number))
        var parts: [String] = []
        while digits.count > 3 {
            parts.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (number < 0 ? "−" : "") + ([digits] + parts).joined(separator: ",")
    }

    /// A time of an answer.
    ///
    /// - Parameter text: a time as the API writes it. Another text returns nil.
    static func time(_ text: String?, now: Date = .now) -> ShownTime? {
        guard let text, let date = date(text) else { return nil }
        let (exact, relative) = (Self.exact(date), relative(date, now))
        return ShownTime(
            iso: date.formatted(.iso8601),
            exact: exact,
            words: relative ?? exact,
            isExact: relative == nil
        )
    }

    /// A value of an attribute; a dash for none.
    static func value(_ value: JSONValue?) -> String {
        switch value ?? .null {
        case .null: "–"
        case .string(let text): text
        case let other: other.text
        }
    }

    private static func date(_ text: String) -> Date? {
        (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
            ?? (try? Date(text, strategy: .iso8601))
    }

    private static func exact(_ date: Date) -> String {
        let parts = calendar.dateComponents([.day, .month, .year, .hour, .minute], from: date)
        let month = months[(parts.month ?? 1) - 1]
        func two(_ number: Int?) -> String { String(format: "%02d", number ?? 0) }
        return "\(parts.day ?? 0) \(month) \(parts.year ?? 0), \(two(parts.hour)):\(two(parts.minute)) UTC"
    }

    /// A time in words, such as "in 5 minutes"; nil for a time more than a day away.
    private static func relative(_ date: Date, _ now: Date) -> String? {
        let seconds = now.timeIntervalSince(date)
        let amount = abs(seconds)
        guard amount < 86_400 else { return nil }
        guard amount >= 60 else { return seconds >= 0 ? "just now" : "in a moment" }
        let (count, unit) = amount < 3600 ? (Int(amount / 60), "minute") : (Int(amount / 3600), "hour")
        let words = "\(count) \(unit)\(count == 1 ? "" : "s")"
        return seconds >= 0 ? "\(words) ago" : "in \(words)"
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()
}

/// The content of a `<time>` element: a readable time and the exact time.
struct ShownTime: TemplateValue, Equatable {
    let iso: String
    let exact: String
    let words: String
    let isExact: Bool
}

extension JSONValue {
    /// A value of an answer as text; empty for null.
    var plainText: String {
        switch self {
        case .null: ""
        case .string(let text): text
        case .integer(let number): "\(number)"
        default: text
        }
    }
}
