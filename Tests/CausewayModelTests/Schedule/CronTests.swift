import CausewayModel
import Foundation
import Testing

@Suite("A cron expression")
struct CronTests {
    private func next(_ cron: String, after moment: String) throws -> String? {
        let date = try Date(moment + ":00Z", strategy: .iso8601)
        return try CronExpression(cron).next(after: Timestamp(date)).map { String($0.text.prefix(16)) }
    }

    // 2026-11-25 is a Wednesday.
    @Test(
        "an expression has the times that crontab(5) defines",
        arguments: [
            ("* * * * *", "2026-11-25T10:07", "2026-11-25T10:08"),
            ("37 */4 * * *", "2026-11-25T10:07", "2026-11-25T12:37"),
            ("37 */4 * * *", "2026-11-25T20:37", "2026-11-26T00:37"),
            ("0 0 1 1 *", "2026-11-25T10:07", "2027-01-01T00:00"),
            ("5-20/5 9-17 * * *", "2026-11-25T17:20", "2026-11-26T09:05"),
            ("0,30,45 12 * * *", "2026-11-25T12:30", "2026-11-25T12:45"),
            ("10-12,50-59/3 * * * *", "2026-11-25T10:12", "2026-11-25T10:50"),
            ("10-12,50-59/3 * * * *", "2026-11-25T10:56", "2026-11-25T10:59"),
            ("0 6 * * mon-fri", "2026-11-27T06:00", "2026-11-30T06:00"),
            ("0 6 * JAN,Jul *", "2026-11-25T10:07", "2027-01-01T06:00"),
            ("0 0 * * 0", "2026-11-25T10:07", "2026-11-29T00:00"),
            ("0 0 * * 7", "2026-11-25T10:07", "2026-11-29T00:00"),
            ("0 0 * * sun", "2026-11-25T10:07", "2026-11-29T00:00"),
            ("0 0 * * 5-7", "2026-11-28T10:07", "2026-11-29T00:00"),
            ("0 0 31 * *", "2026-11-25T10:07", "2026-12-31T00:00"),
            ("59 23 31 12 *", "2026-12-31T23:58", "2026-12-31T23:59"),
            ("0 0 1-31/10 * *", "2026-11-25T10:07", "2026-12-01T00:00"),
            ("  15   3 * * *  ", "2026-11-25T10:07", "2026-11-26T03:15"),
        ]
    )
    func times(cron: String, moment: String, expected: String) throws {
        let next = try next(cron, after: moment)
        #expect(next == expected)
    }

    @Test(
        "leap years are respected",
        arguments: [
            ("0 0 29 2 *", "2026-11-25T10:07", "2028-02-29T00:00"),
            ("0 0 29 2 *", "2096-02-29T00:00", "2104-02-29T00:00"),
            ("0 0 29 2 *", "1999-03-01T00:00", "2000-02-29T00:00"),
            ("0 0 1 3 *", "2028-02-29T23:59", "2028-03-01T00:00"),
            // A Sunday that is a 29 February: both days must fit, since one of the fields begins with a star.
            ("0 0 29 2 */7", "2026-11-25T10:07", "2032-02-29T00:00"),
            ("0 0 29 2 */7", "2088-02-29T00:00", "2128-02-29T00:00"),
            ("0 12 * * *", "1969-12-31T11:59", "1969-12-31T12:00"),
        ]
    )
    func leapYears(cron: String, moment: String, expected: String) throws {
        let next = try next(cron, after: moment)
        #expect(next == expected)
    }

    @Test("if both day fields are restricted, a day that fits either counts")
    func eitherDay() throws {
        let friday = try next("0 0 13 * fri", after: "2026-11-25T10:07")
        #expect(friday == "2026-11-27T00:00")
        let thirteenth = try next("0 0 13 * fri", after: "2026-12-11T00:00")
        #expect(thirteenth == "2026-12-13T00:00")
    }

    @Test(
        "shorthands are accepted",
        arguments: [
            ("@hourly", "2026-11-25T11:00"), ("@daily", "2026-11-26T00:00"), ("@weekly", "2026-11-29T00:00"),
            ("@Monthly", "2026-12-01T00:00"),
        ]
    )
    func shorthands(cron: String, expected: String) throws {
        let next = try next(cron, after: "2026-11-25T10:07")
        #expect(next == expected)
    }

    @Test("every step within an hour comes once, and the next time is always later")
    func steps() throws {
        let cron = try CronExpression("*/7 * * * *")
        var moments: [Int64] = []
        var moment = Timestamp(milliseconds: 59_999)
        for _ in 0..<9 {
            moment = try #require(cron.next(after: moment))
            moments.append(moment.milliseconds / 60_000)
        }
        #expect(moments == [7, 14, 21, 28, 35, 42, 49, 56, 60])
    }

    @Test(
        "the refusal of an expression names the field and its allowed values",
        arguments: [
            ("60 * * * *", "minute '60'", "0 to 59"), ("* 24 * * *", "hour '24'", "0 to 23"),
            ("* * 0 * *", "day of month '0'", "1 to 31"), ("* * * 13 *", "month '13'", "1 to 12, or jan to dec"),
            ("* * * * 8", "day of week '8'", "0 to 7, or sun to sat"), ("* * * * monday", "monday", "sun to sat"),
            ("20-10 * * * *", "minute '20-10'", "lower end"), ("*/0 * * * *", "minute '*/0'", "from 1 on"),
            ("*/x * * * *", "minute '*/x'", "from 1 on"), ("5/15 * * * *", "minute '5/15'", "'5-59'"),
            ("1,,2 * * * *", "minute ''", "0 to 59"), ("-1 * * * *", "minute '-1'", "0 to 59"),
            ("+1 * * * *", "minute '+1'", "0 to 59"), ("1- * * * *", "minute '1-'", "0 to 59"),
            ("99999999999999999999 * * * *", "minute", "0 to 59"), ("* * * *", "five fields", "@daily"),
            ("", "five fields", "'15 */4 * * *'"), ("@reboot", "five fields", "@hourly"),
        ]
    )
    func refused(cron: String, what: String, rule: String) {
        let error = #expect(throws: ValidationError.self) { try CronExpression(cron) }
        #expect(error?.problems.map(\.field) == ["cron"])
        #expect(error?.description.contains(what) == true, "\(error?.description ?? "")")
        #expect(error?.description.contains(rule) == true, "\(error?.description ?? "")")
    }

    @Test("an expression without any time is refused", arguments: ["30 2 30 2 *", "0 0 31 4,6,9,11 *"])
    func never(cron: String) {
        let error = #expect(throws: ValidationError.self) { try CronExpression(cron) }
        #expect(error?.description.contains("never occurs") == true)
    }
}
