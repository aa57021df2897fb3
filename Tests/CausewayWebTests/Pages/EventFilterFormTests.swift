import CausewayModel
import Foundation
import Testing

@testable import CausewayWeb

@Suite("The filter of the log")
struct EventFilterFormTests {
    private func parameters(_ query: String, _ zone: String) throws -> [String: String] {
        let zone = try #require(TimeZone(identifier: zone))
        let viewer = Viewer(texts: try Texts(.built, .english), zone: zone)
        let found = EventFilterForm(FormFields(text: query)).parameters(for: viewer)
        return Dictionary(found.map { ($0.name, $0.value) }) { $1 }
    }

    @Test("days begin and end where the viewer is, also on the day on which clocks change")
    func days() throws {
        let query = "from=2026-03-28&until=2026-03-29"
        #expect(
            try parameters(query, "Europe/Berlin") == ["from": "2026-03-27T23:00:00Z", "until": "2026-03-29T22:00:00Z"]
        )
        #expect(
            try parameters(query, "America/New_York")
                == ["from": "2026-03-28T04:00:00Z", "until": "2026-03-30T04:00:00Z"]
        )
        #expect(try parameters(query, "GMT") == ["from": "2026-03-28T00:00:00Z", "until": "2026-03-30T00:00:00Z"])
    }

    @Test("what is no day is no filter", arguments: ["yesterday", "2026-13-01", "2026-03-28T10:00", ""])
    func noDay(_ text: String) throws {
        #expect(try parameters("from=\(text)", "Europe/Berlin").isEmpty)
    }

    @Test("a bar's day takes the place of the period, and other filters stay")
    func day() {
        let filter = EventFilterForm(FormFields(text: "user=root&period=days%3D7&from=2026-03-01"))
        let values = filter.values(on: "2026-03-28").map { "\($0.name)=\($0.value)" }
        #expect(values == ["user=root", "from=2026-03-28", "until=2026-03-28"])
        #expect(!filter.isOneDay)
        #expect(EventFilterForm(FormFields(text: "from=2026-03-28&until=2026-03-28")).isOneDay)
    }
}
