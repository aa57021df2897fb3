import Foundation

/// Who reads a page: in which language and in which time zone.
struct Viewer: Sendable {
    let texts: Texts
    let zone: TimeZone
    var now = Date.now

    /// The name of the time zone in the IANA database. Foundation calls UTC by another name.
    var zoneName: String { zone == .gmt ? "UTC" : zone.identifier }

    /// A sentence of the API or the engine, in the viewer's language.
    func message(_ english: String) -> String { texts.message(english) }

    /// A time to the minute, such as `29 Nov 2026, 04:00`.
    func exact(_ date: Date) -> String {
        let parts = parts(of: date)
        return exact(day(parts), Self.clock(parts.hour, parts.minute))
    }

    private func exact(_ day: String, _ time: String) -> String { texts("times.exact", ["day": day, "time": time]) }

    /// A time in all the forms in which pages show it.
    func words(of date: Date) -> TimeWords {
        let parts = parts(of: date)
        let (day, minute) = (day(parts), Self.clock(parts.hour, parts.minute))
        let exact = exact(day, minute)
        let second = self.exact(day, "\(minute):\(Self.twoDigits(parts.second))")
        let iso = date.formatted(.iso8601)
        return TimeWords(
            iso: iso,
            full: texts("times.full", ["time": second, "zone": zoneName, "utc": iso]),
            exact: exact,
            second: second,
            words: relative(date) ?? exact
        )
    }

    /// A time in words, such as "in 5 minutes"; nil for a time more than a day away.
    func relative(_ date: Date) -> String? {
        let seconds = now.timeIntervalSince(date)
        let amount = abs(seconds)
        guard amount < 86_400 else { return nil }
        guard amount >= 60 else { return texts(seconds >= 0 ? "times.just_now" : "times.in_a_moment") }
        let (count, unit) = amount < 3600 ? (Int(amount / 60), "minutes") : (Int(amount / 3600), "hours")
        return texts("times.\(seconds >= 0 ? "past" : "future").\(unit)", count: count)
    }

    /// A day, such as `29 Nov 2026`.
    func day(_ date: Date) -> String { day(parts(of: date)) }

    /// A day as addresses and date fields have it: `2026-11-29`.
    func dayNumber(_ date: Date) -> String {
        let parts = parts(of: date)
        return String(format: "%04d-%02d-%02d", parts.year ?? 0, parts.month ?? 1, parts.day ?? 0)
    }

    private func parts(of date: Date) -> DateComponents {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        return calendar.dateComponents([.day, .month, .year, .hour, .minute, .second], from: date)
    }

    private func day(_ parts: DateComponents) -> String {
        texts.day(year: parts.year ?? 0, month: parts.month ?? 1, day: parts.day ?? 0)
    }

    private static func clock(_ hour: Int?, _ minute: Int?) -> String { "\(twoDigits(hour)):\(twoDigits(minute))" }

    private static func twoDigits(_ number: Int?) -> String {
        let number = number ?? 0
        return number < 10 ? "0\(number)" : "\(number)"
    }
}

/// The content of a `<time>` element.
struct TimeWords: TemplateValue {
    /// In UTC, as machines read it (ISO 8601).
    let iso: String
    /// For those who want to know it exactly: to the second with its time zone, and the same in UTC.
    let full: String
    /// To the minute.
    let exact: String
    let second: String
    /// How long ago, or in how long; the exact time if that is more than a day.
    let words: String
}
