import CausewayModel
import Foundation

/// Points in time as the API writes them: RFC 3339 in UTC, six digits of fraction unless they are zero.
enum APITime {
    static func text(_ point: Timestamp) -> String {
        let text = point.text
        return text.hasSuffix(".000Z") ? text.dropLast(5) + "Z" : text.dropLast() + "000Z"
    }
}

extension APITime {
    /// Reads a time: a date, `T` or a space, a time with or without seconds and fraction, and `Z` or an offset (UTC without one). A
    /// date alone means its beginning in UTC, as in authentik's framework.
    static func timestamp(_ text: String) -> Timestamp? {
        var rest = Substring(text)
        guard let year = number(&rest, 4), take("-", &rest), let month = number(&rest, 2), take("-", &rest),
            let day = number(&rest, 2)
        else { return nil }
        if rest.isEmpty { rest = "T00:00Z" }
        guard take("T", &rest) || take("t", &rest) || take(" ", &rest), let hour = number(&rest, 2), take(":", &rest),
            let minute = number(&rest, 2)
        else { return nil }
        var (second, milliseconds) = (0, 0)
        if take(":", &rest) {
            guard let value = number(&rest, 2) else { return nil }
            second = value
            if take(".", &rest) {
                let digits = rest.prefix { $0.isASCII && $0.isNumber }
                guard !digits.isEmpty, digits.count <= 12 else { return nil }
                milliseconds = Int((digits + "00").prefix(3)) ?? 0
                rest = rest.dropFirst(digits.count)
            }
        }
        guard let offset = offset(&rest), rest.isEmpty, (0..<24).contains(hour), (0..<60).contains(minute),
            (0..<60).contains(second), let days = CivilDay.daysSince1970(year: year, month: month, day: day)
        else { return nil }
        let total = (days * 24 + hour) * 60 + minute - offset
        return Timestamp(milliseconds: Int64(total * 60 + second) * 1000 + Int64(milliseconds))
    }

    private static func number(_ rest: inout Substring, _ count: Int) -> Int? {
        let digits = rest.prefix(count)
        guard digits.count == count, digits.allSatisfy({ $0.isASCII && $0.isNumber }) else { return nil }
        rest = rest.dropFirst(count)
        return Int(digits)
    }

    private static func take(_ character: Character, _ rest: inout Substring) -> Bool {
        guard rest.first == character else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// Minutes east of UTC; nil if there is no offset but other text.
    private static func offset(_ rest: inout Substring) -> Int? {
        if rest.isEmpty || take("Z", &rest) || take("z", &rest) { return 0 }
        let sign = rest.first == "-" ? -1 : 1
        guard take("+", &rest) || take("-", &rest), let hours = number(&rest, 2) else { return nil }
        _ = take(":", &rest)
        guard let minutes = number(&rest, 2), hours < 24, minutes < 60 else { return nil }
        return sign * (hours * 60 + minutes)
    }
}
