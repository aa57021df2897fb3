/// A moment as OData writes it: `Edm.DateTimeOffset`, even if the offset or the time of day is missing (OData JSON Format 4.01,
/// section 7.1; RFC 3339).
///
/// One moment has many texts: `2024-01-01T00:00:00Z` and `2024-01-01T01:00:00.000+01:00` are the same.
public struct EdmMoment: Hashable, Sendable {
    /// Since 1970-01-01T00:00:00Z; a text without offset counts as UTC.
    public let seconds: Int64
    /// Beyond the seconds; further digits are dropped.
    public let nanoseconds: Int64

    /// Reads a text.
    ///
    /// - Returns: nil if it is not an existing date and time.
    public init?(_ text: String) {
        guard let parts = Parts(text) else { return nil }
        (seconds, nanoseconds) = (parts.seconds, parts.nanoseconds)
    }

    /// The text as `Edm.DateTimeOffset` demands it: a missing time of day becomes midnight, a missing offset UTC.
    ///
    /// - Returns: nil if it is not an existing date and time.
    public static func complete(_ text: String) -> String? {
        guard let parts = Parts(text) else { return nil }
        switch (parts.hasTime, parts.hasOffset) {
        case (false, _): return text + "T00:00:00Z"
        case (true, false): return text.replacingSpace + "Z"
        case (true, true): return text.replacingSpace
        }
    }
}

extension String {
    /// RFC 3339 allows a space between date and time; OData does not.
    fileprivate var replacingSpace: String { String(map { $0 == " " ? "T" : $0 }) }
}

/// The parts of a text of a moment, read byte by byte: this runs for every value of every sync.
private struct Parts {
    private(set) var seconds: Int64 = 0
    private(set) var nanoseconds: Int64 = 0
    private(set) var hasTime = false
    private(set) var hasOffset = false

    private let bytes: [UInt8]
    private var position = 0

    init?(_ text: String) {
        bytes = Array(text.utf8)
        guard let year = number(4), take("-"), let month = number(2), take("-"), let day = number(2),
            let days = Self.days(year, month, day)
        else { return nil }
        seconds = days * 86_400
        if position < bytes.count {
            guard readTime() else { return nil }
        }
        guard position == bytes.count else { return nil }
    }

    private mutating func readTime() -> Bool {
        guard take("T") || take(" "), let hour = number(2), hour < 24, take(":"), let minute = number(2), minute < 60
        else { return false }
        hasTime = true
        seconds += hour * 3600 + minute * 60
        if take(":") {
            guard let second = number(2), second < 60 else { return false }
            seconds += second
            if take(".") { guard readFraction() else { return false } }
        }
        return position == bytes.count || readOffset()
    }

    private mutating func readFraction() -> Bool {
        var (digits, value): (Int, Int64) = (0, 0)
        while let digit = number(1) {
            digits += 1
            if digits <= 9 { value = value * 10 + digit }
        }
        for _ in min(digits, 9)..<9 { value *= 10 }
        nanoseconds = value
        return digits > 0
    }

    private mutating func readOffset() -> Bool {
        hasOffset = true
        if take("Z") || take("z") { return true }
        let sign: Int64
        if take("+") { sign = -1 } else if take("-") { sign = 1 } else { return false }
        guard let hours = number(2), hours <= 14, take(":"), let minutes = number(2), minutes < 60 else { return false }
        seconds += sign * (hours * 3600 + minutes * 60)
        return true
    }

    private mutating func take(_ letter: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: letter) else { return false }
        position += 1
        return true
    }

    /// A number of exactly this many digits; nothing is consumed if there are fewer.
    private mutating func number(_ digits: Int) -> Int64? {
        guard position + digits <= bytes.count else { return nil }
        var value: Int64 = 0
        for byte in bytes[position..<position + digits] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        position += digits
        return value
    }

    private static let daysOfMonth: [Int64] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

    /// Days since 1970-01-01 in the proleptic Gregorian calendar; nil if there is no such day.
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64? {
        let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
        guard year >= 1, (1...12).contains(month) else { return nil }
        let length = daysOfMonth[Int(month) - 1] + (month == 2 && isLeap ? 1 : 0)
        guard (1...length).contains(day) else { return nil }
        let before = year - 1
        let ofYears = before * 365 + before / 4 - before / 100 + before / 400
        let ofMonths = daysOfMonth[..<(Int(month) - 1)].reduce(0, +) + (month > 2 && isLeap ? 1 : 0)
        return ofYears + ofMonths + day - 1 - 719_162
    }
}
