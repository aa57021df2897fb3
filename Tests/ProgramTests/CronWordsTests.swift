import CausewayModel
import Testing

@testable import causeway

@Suite("Cron expressions in words of commands")
struct CronWordsTests {
    @Test(
        "common expressions have words; for others there are none",
        arguments: [
            ("19 */4 * * *", "every 4 hours at minute 19"), ("5 * * * *", "every hour at minute 5"),
            ("5 */1 * * *", "every hour at minute 5"), ("* * * * *", "every minute"),
            ("*/15 * * * *", "every 15 minutes"), ("@hourly", "every hour at minute 0"),
            ("5 6 * * *", "every day at 06:05 UTC"), ("@weekly", "every Sunday at 00:00 UTC"),
            ("0 6 * * mon-fri", "Monday to Friday at 06:00 UTC"), ("0 6 * * 1-5", "Monday to Friday at 06:00 UTC"),
            ("30 22 * * SAT", "every Saturday at 22:30 UTC"), ("@monthly", "on day 1 of every month at 00:00 UTC"),
            // The pause over midnight is shorter.
            ("0 */5 * * *", nil), ("*/7 * * * *", nil), ("0 6-20/2 * * *", nil), ("0 6 * 1 *", nil),
            ("0 6 1 * mon", nil), ("0,30 6 * * *", nil), ("0 6 1-5 * *", nil), ("0 6 * * 1,3", nil),
        ] as [(String, String?)]
    )
    func words(cron: String, expected: String?) throws {
        #expect(try CronExpression(cron).words == expected)
    }
}
