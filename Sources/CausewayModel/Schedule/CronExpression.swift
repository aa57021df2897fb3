/// When something is due, in the format of crontab(5): minute, hour, day of month, month, day of week; always in UTC. Pure.
package struct CronExpression: Hashable, Sendable, CustomStringConvertible {
    /// The expression as it was written, with single spaces.
    package let text: String
    /// Minutes of the day, in order.
    private let times: [Int]
    private let days: Set<Int>
    private let months: Set<Int>
    private let weekdays: Set<Int>
    /// crontab(5): if both day fields are restricted, a day that matches one of them is enough.
    private let eitherDayFits: Bool

    private static let shorthands = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@weekly": "0 0 * * 0", "@monthly": "0 0 1 * *",
    ]
    private static let minutesOfDay = 24 * 60
    private static let millisecondsOfMinute: Int64 = 60_000

    /// Reads five fields, or a shorthand such as `@daily`.
    ///
    /// - Throws: ``ValidationError`` that names the field and what it takes.
    package init(_ text: String) throws(ValidationError) {
        self.text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let fields = try Self.fields(of: self.text)
        let hours = try CronField.hour.values(of: fields[1])
        let minutes = try CronField.minute.values(of: fields[0])
        times = hours.flatMap { hour in minutes.map { hour * 60 + $0 } }.sorted()
        days = try CronField.dayOfMonth.values(of: fields[2])
        months = try CronField.month.values(of: fields[3])
        weekdays = Set(try CronField.dayOfWeek.values(of: fields[4]).map { $0 % 7 })
        eitherDayFits = !fields[2].hasPrefix("*") && !fields[4].hasPrefix("*")
        guard next(after: Timestamp(milliseconds: 0)) != nil else {
            throw ValidationError("cron", "'\(self.text)' never occurs: the calendar has no such day.")
        }
    }

    static func fields(of text: String) throws(ValidationError) -> [String] {
        let words = (shorthands[text.lowercased()] ?? text).split(separator: " ").map(String.init)
        guard words.count == 5 else {
            let known = shorthands.keys.sorted().joined(separator: ", ")
            throw ValidationError(
                "cron",
                "'\(text)' is not a cron expression: write five fields (minute, hour, day of month, month, day of week), such as "
                    + "'15 */4 * * *', or one of \(known)."
            )
        }
        return words
    }

    /// The first time after a moment, in UTC; nil if there is none.
    package func next(after moment: Timestamp) -> Timestamp? {
        let minute = Int(moment.milliseconds.floorQuotient(Self.millisecondsOfMinute)) + 1
        let today = minute.floorQuotient(Self.minutesOfDay)
        let minuteOfDay = minute - today * Self.minutesOfDay
        if isDue(on: today), let time = times.first(where: { $0 >= minuteOfDay }) { return Self.timestamp(today, time) }
        let cycle = today + 1...today + CivilDay.daysOfCycle
        guard let time = times.first, let day = cycle.first(where: isDue(on:)) else { return nil }
        return Self.timestamp(day, time)
    }

    private func isDue(on day: Int) -> Bool {
        let day = CivilDay(daysSince1970: day)
        guard months.contains(day.month) else { return false }
        let fits = (days.contains(day.day), weekdays.contains(day.weekday))
        return eitherDayFits ? fits.0 || fits.1 : fits.0 && fits.1
    }

    private static func timestamp(_ day: Int, _ minute: Int) -> Timestamp {
        Timestamp(milliseconds: Int64(day * minutesOfDay + minute) * millisecondsOfMinute)
    }

    package var description: String { text }
}
