import CausewayModel

extension CronPattern {
    /// In English, as commands print it.
    fileprivate var words: String {
        switch self {
        case .everyMinutes(1): "every minute"
        case .everyMinutes(let step): "every \(step) minutes"
        case .hourly(let minute): "every hour at minute \(minute)"
        case .everyHours(let step, let minute): "every \(step) hours at minute \(minute)"
        case .daily(let hour, let minute): "every day at \(Self.time(hour, minute)) UTC"
        case .workdays(let hour, let minute): "Monday to Friday at \(Self.time(hour, minute)) UTC"
        case .weekly(let weekday, let hour, let minute):
            "every \(Self.weekdays[weekday]) at \(Self.time(hour, minute)) UTC"
        case .monthly(let day, let hour, let minute): "on day \(day) of every month at \(Self.time(hour, minute)) UTC"
        }
    }

    private static let weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]

    /// `06:05`.
    private static func time(_ hour: Int, _ minute: Int) -> String {
        [hour, minute].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
}

extension CronExpression {
    /// When it is due, in words, such as `every 4 hours at minute 19`; nil for an expression that is not of a common form.
    var words: String? { pattern?.words }
}
