/// A cron expression in words. Pure.
enum CronWords {
    private static let days = [
        "0": "Sunday", "1": "Monday", "2": "Tuesday", "3": "Wednesday", "4": "Thursday", "5": "Friday", "6": "Saturday",
        "7": "Sunday", "sun": "Sunday", "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday",
        "fri": "Friday", "sat": "Saturday",
    ]

    /// - Parameter fields: the five fields.
    /// - Returns: nil for an expression that is not of a common form.
    static func text(_ fields: [String]) -> String? {
        let days = (fields[2], fields[3], fields[4].lowercased())
        if days == ("*", "*", "*"), let interval = interval(minute: fields[0], hour: fields[1]) { return interval }
        guard let time = time(minute: fields[0], hour: fields[1]), days.1 == "*" else { return nil }
        switch (days.0, days.2) {
        case ("*", "*"): return "every day at \(time) UTC"
        case ("*", let weekday):
            if let range = weekdays(weekday) { return "\(range) at \(time) UTC" }
            return nil
        case (let day, "*"): return Int(day).map { "on day \($0) of every month at \(time) UTC" }
        default: return nil
        }
    }

    private static func interval(minute: String, hour: String) -> String? {
        if hour == "*" {
            if let step = step(minute, of: 60) { return step == 1 ? "every minute" : "every \(step) minutes" }
            return Int(minute).map { "every hour at minute \($0)" }
        }
        guard let minute = Int(minute), let step = step(hour, of: 24) else { return nil }
        return step == 1 ? "every hour at minute \(minute)" : "every \(step) hours at minute \(minute)"
    }

    /// The step of a field; nil if it does not divide the whole, since the last pause is then shorter.
    private static func step(_ field: String, of whole: Int) -> Int? {
        if field == "*" { return 1 }
        guard field.hasPrefix("*/"), let step = Int(field.dropFirst(2)), step > 0, whole.isMultiple(of: step) else {
            return nil
        }
        return step
    }

    /// `06:05`; nil for more than one time.
    private static func time(minute: String, hour: String) -> String? {
        guard let minute = Int(minute), let hour = Int(hour) else { return nil }
        return [hour, minute].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }

    private static func weekdays(_ field: String) -> String? {
        let ends = field.split(separator: "-", omittingEmptySubsequences: false).map { days[String($0)] }
        switch ends.count {
        case 1: return ends[0].map { "every \($0)" }
        case 2: return ends[0].flatMap { first in ends[1].map { "\(first) to \($0)" } }
        default: return nil
        }
    }
}
