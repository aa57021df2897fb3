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
        return texts("times.exact", ["day": day(parts), "time": Self.clock(parts.hour, parts.minute)])
    }

    /// A time to the second.
    func second(_ date: Date) -> String {
        let parts = parts(of: date)
        let time = Self.clock(parts.hour, parts.minute, parts.second)
        return texts("times.exact", ["day": day(parts), "time": time])
    }

    /// A time to the second with its time zone, and the same in UTC.
    func full(_ date: Date) -> String {
        texts("times.full", ["time": second(date), "zone": zoneName, "utc": date.formatted(.iso8601)])
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

    private static func clock(_ parts: Int?...) -> String {
        parts.map { String(format: "%02d", $0 ?? 0) }.joined(separator: ":")
    }
}
