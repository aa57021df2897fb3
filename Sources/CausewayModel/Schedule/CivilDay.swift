/// A day of the Gregorian calendar. Pure arithmetic: a search through four centuries would be slow with Foundation's calendar.
package struct CivilDay: Hashable, Sendable {
    /// 1 to 12.
    let month: Int
    /// 1 to 31.
    let day: Int
    /// 0 for Sunday to 6.
    let weekday: Int

    /// The calendar repeats itself after 400 years, weekdays included.
    static let daysOfCycle = 146_097

    init(daysSince1970 days: Int) {
        // If years begin in March, leap days come last and need no rule of their own.
        let dayOfCycle = (days + 719_468).floorRemainder(Self.daysOfCycle)
        let year = (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * year + year / 4 - year / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        weekday = (days + 4).floorRemainder(7)
    }

    /// Days from 1970-01-01 to a day of the year 1 or later, negative before 1970; nil if there is no such day.
    package static func daysSince1970(year: Int, month: Int, day: Int) -> Int? {
        guard year >= 1, (1...12).contains(month), (1...length(of: month, year)).contains(day) else { return nil }
        let years = year - 1
        let untilYear = years * 365 + years / 4 - years / 100 + years / 400 - 719_162
        return (1..<month).reduce(untilYear) { $0 + length(of: $1, year) } + day - 1
    }

    private static func length(of month: Int, _ year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension BinaryInteger {
    /// The quotient rounded towards negative infinity.
    func floorQuotient(_ divisor: Self) -> Self { (self - floorRemainder(divisor)) / divisor }

    /// The remainder of ``floorQuotient(_:)``, from 0 on.
    func floorRemainder(_ divisor: Self) -> Self {
        let rest = self % divisor
        return rest < 0 ? rest + divisor : rest
    }
}
