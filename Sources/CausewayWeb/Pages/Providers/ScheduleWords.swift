import CausewayModel
import Foundation

/// A schedule, and what its runs may take away, in words.
struct ScheduleWords: Sendable {
    let texts: Texts

    /// When a cron expression is due; nil if it is none of the common ones.
    func words(_ crontab: String) -> String? {
        guard let pattern = try? CronExpression(crontab).pattern else { return nil }
        switch pattern {
        case .everyMinutes(let count): return texts("schedule.words.minutes", count: count)
        case .hourly(let minute): return texts("schedule.words.hourly", ["minute": "\(minute)"])
        case .everyHours(let count, let minute):
            return texts("schedule.words.hours", ["count": "\(count)", "minute": "\(minute)"])
        case .daily(let hour, let minute): return texts("schedule.words.daily", ["time": Self.clock(hour, minute)])
        case .workdays(let hour, let minute):
            return texts("schedule.words.workdays", ["time": Self.clock(hour, minute)])
        case .weekly(let weekday, let hour, let minute):
            let day = texts("schedule.weekdays.\(weekday)")
            return texts("schedule.words.weekly", ["day": day, "time": Self.clock(hour, minute)])
        case .monthly(let day, let hour, let minute):
            return texts("schedule.words.monthly", ["day": "\(day)", "time": Self.clock(hour, minute)])
        }
    }

    /// What a run may take away without approval, and why that much.
    func limits(_ state: GuardView) -> String {
        let most = texts("guard.most", count: state.limit)
        let left = state.left < state.limit ? " \(texts("guard.left", count: state.left))" : ""
        let values = [
            "count": texts.number(state.guardMaxCount), "percent": "\(state.guardMaxPercent)",
            "managed": texts.number(state.managed),
        ]
        return "\(most)\(left) \(texts(state.guardMaxPercent < 100 ? "guard.both" : "guard.count_alone", values))"
    }

    private static func clock(_ hour: Int, _ minute: Int) -> String { String(format: "%02d:%02d", hour, minute) }
}
