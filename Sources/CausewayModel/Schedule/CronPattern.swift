/// What a common cron expression means, so that it can be put into words. Hours and days are in UTC. Pure.
package enum CronPattern: Hashable, Sendable {
    case everyMinutes(Int)
    case hourly(minute: Int)
    case everyHours(Int, minute: Int)
    case daily(hour: Int, minute: Int)
    /// From Monday to Friday.
    case workdays(hour: Int, minute: Int)
    /// - Parameter weekday: 0 for Sunday to 6.
    case weekly(weekday: Int, hour: Int, minute: Int)
    case monthly(day: Int, hour: Int, minute: Int)
}

extension CronExpression {
    /// Nil for an expression that is none of the common ones.
    package var pattern: CronPattern? {
        guard let fields = try? Self.fields(of: text), fields[3] == "*" else { return nil }
        guard fields[2] == "*", fields[4] == "*" else { return Self.pattern(onDays: fields) }
        guard let minute = Int(fields[0]) else {
            return fields[1] == "*" ? Self.step(fields[0], of: 60).map(CronPattern.everyMinutes) : nil
        }
        if let hour = Int(fields[1]) { return .daily(hour: hour, minute: minute) }
        return Self.step(fields[1], of: 24).map { $0 == 1 ? .hourly(minute: minute) : .everyHours($0, minute: minute) }
    }

    /// One time on some days.
    private static func pattern(onDays fields: [String]) -> CronPattern? {
        guard let minute = Int(fields[0]), let hour = Int(fields[1]) else { return nil }
        switch (fields[2], fields[4].lowercased()) {
        case ("*", "1-5"), ("*", "mon-fri"): return .workdays(hour: hour, minute: minute)
        case ("*", let day): return weekday(day).map { .weekly(weekday: $0, hour: hour, minute: minute) }
        case (let day, "*"): return Int(day).map { .monthly(day: $0, hour: hour, minute: minute) }
        default: return nil
        }
    }

    /// - Returns: 0 for Sunday to 6; nil for more than one day.
    private static func weekday(_ field: String) -> Int? {
        Int(field).map { $0 % 7 } ?? ["sun", "mon", "tue", "wed", "thu", "fri", "sat"].firstIndex(of: field)
    }

    /// The step of `*/4`, or 1 for `*`; nil if it does not divide the whole, so that the last step would be shorter.
    private static func step(_ field: String, of whole: Int) -> Int? {
        if field == "*" { return 1 }
        guard field.hasPrefix("*/"), let step = Int(field.dropFirst(2)), whole % step == 0 else { return nil }
        return step
    }
}
