import CausewayGraphTypes
import Testing

@Suite("Points in time as OData writes them")
struct EdmMomentTests {
    @Test(
        "several texts denote the same point in time",
        arguments: [
            ("1970-01-01T00:00:00Z", 0, 0), ("1970-01-01", 0, 0), ("1970-01-01T01:00:00+01:00", 0, 0),
            ("1970-01-01 00:00", 0, 0), ("1969-12-31T23:59:59.25Z", -1, 250_000_000),
            ("2024-02-29T12:30:15.1234567Z", 1_709_209_815, 123_456_700),
            ("2024-01-01T00:00:00-09:30", 1_704_101_400, 0), ("0001-01-01T00:00:00Z", -62_135_596_800, 0),
            ("9999-12-31T23:59:59Z", 253_402_300_799, 0), ("2000-03-01T00:00:00z", 951_868_800, 0),
            ("2024-01-01T00:00:00.123456789123Z", 1_704_067_200, 123_456_789),
        ] as [(String, Int64, Int64)]
    )
    func same(_ text: String, _ seconds: Int64, _ nanoseconds: Int64) throws {
        let moment = try #require(EdmMoment(text))
        #expect(moment.seconds == seconds && moment.nanoseconds == nanoseconds)
        let complete = try #require(EdmMoment.complete(text))
        #expect(EdmMoment(complete) == moment)
        #expect(complete.contains("T") && !complete.contains(" "))
    }

    @Test(
        "other texts are refused",
        arguments: [
            "", "x", "2024", "2024-1-1", "2024-13-01", "2023-02-29", "2024-04-31", "2024-01-01T",
            "2024-01-01T24:00:00Z",
            "2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z", "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00+1:00",
            "2024-01-01T00:00:00+15:00", "2024-01-01T00:00:00Zx", "0000-01-01", "２024-01-01", "01.02.2024",
            "-2024-01-01",
        ]
    )
    func wrong(_ text: String) {
        #expect(EdmMoment(text) == nil)
        #expect(EdmMoment.complete(text) == nil)
    }
}
