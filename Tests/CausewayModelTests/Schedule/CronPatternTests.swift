import CausewayModel
import Testing

@Suite("Cron expressions in words")
struct CronPatternTests {
    private static let meanings: [(String, CronPattern)] = [
        ("40 */4 * * *", .everyHours(4, minute: 40)), ("*/15 * * * *", .everyMinutes(15)),
        ("* * * * *", .everyMinutes(1)), ("7 * * * *", .hourly(minute: 7)), ("@hourly", .hourly(minute: 0)),
        ("30 2 * * *", .daily(hour: 2, minute: 30)), ("@daily", .daily(hour: 0, minute: 0)),
        ("0 6 * * 1-5", .workdays(hour: 6, minute: 0)), ("5 1 * * 7", .weekly(weekday: 0, hour: 1, minute: 5)),
        ("@weekly", .weekly(weekday: 0, hour: 0, minute: 0)), ("@monthly", .monthly(day: 1, hour: 0, minute: 0)),
    ]

    @Test("common expressions have a meaning in words", arguments: meanings)
    func common(_ text: String, _ pattern: CronPattern) throws {
        #expect(try CronExpression(text).pattern == pattern)
    }

    @Test(
        "other expressions have none: a step that does not divide the day would be said wrongly",
        arguments: [
            "0 */5 * * *", "*/7 * * * *", "0,30 * * * *", "0 2 * 6 *", "0 2 1 * 1", "*/5 2 * * *", "0 2-4 * * *",
        ]
    )
    func uncommon(_ text: String) throws {
        #expect(try CronExpression(text).pattern == nil)
    }
}
