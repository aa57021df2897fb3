import CausewayJSON
import CausewayModel
import Foundation
import Testing

@testable import CausewayWeb

@Suite("The viewer's language and time zone")
struct ViewerTests {
    private let english: Texts
    private let german: Texts

    init() throws {
        english = try Texts(.built, .english)
        german = try Texts(.built, .german)
    }

    private static let now = Date(timeIntervalSince1970: 1_795_680_000)

    private func viewer(_ texts: Texts, _ zone: String) throws -> Viewer {
        Viewer(texts: texts, zone: try #require(TimeZone(identifier: zone)), now: Self.now)
    }

    @Test("times near now are in words, and others have the day and the time in the viewer's zone")
    func times() throws {
        let (here, there) = (try viewer(english, "UTC"), try viewer(german, "Europe/Berlin"))
        let cases: [(seconds: Double, english: String?, german: String?)] = [
            (-20, "just now", "gerade eben"), (20, "in a moment", "in Kürze"),
            (-60, "1 minute ago", "vor 1 Minute"), (7200, "in 2 hours", "in 2 Stunden"), (-200_000, nil, nil),
        ]
        for (seconds, englishWords, germanWords) in cases {
            #expect(here.relative(Self.now + seconds) == englishWords)
            #expect(there.relative(Self.now + seconds) == germanWords)
        }
        let past = Self.now - 200_000
        #expect(here.exact(past) == "24 Nov 2026, 00:26")
        #expect(there.exact(past).contains("01:26") && there.exact(past).contains("24."))
        #expect(try viewer(english, "America/New_York").exact(past) == "23 Nov 2026, 19:26")
        let full = there.words(of: past).full
        #expect(full.contains("01:26:40") && full.contains("2026-11-24T00:26:40Z") && full.contains("Europe/Berlin"))
    }

    @Test("a text that is no time is not shown as one")
    func noTime() {
        #expect(ShownTime(nil) == nil && ShownTime("whenever") == nil)
        #expect(ShownTime("2026-11-24T00:26:40.123Z") != nil && ShownTime("2026-11-24T00:26:40Z") != nil)
    }

    @Test("numbers and days have the language's form")
    func numbers() {
        let numbers = [0, 999, 1000, 1_234_567, -1500]
        #expect(numbers.map(english.number) == ["0", "999", "1,000", "1,234,567", "−1,500"])
        #expect(numbers.map(german.number) == ["0", "999", "1.000", "1.234.567", "−1.500"])
        #expect(english.day("2026-11-16") == "16 Nov 2026" && german.day("2026-11-16") == "16. Nov. 2026")
        #expect(english.day("soon") == "soon")
    }

    @Test(
        "a browser's languages count in their order and weight",
        arguments: [
            ("de-AT,de;q=0.9,en;q=0.8", Language.german), ("en-US,en;q=0.9,de;q=0.8", .english),
            ("fr, de;q=0.5", .german),
            ("de;q=0.2, en;q=0.7", .english), ("de;q=0, fr", .english), ("fr", .english), ("", .english),
            (nil, .english),
        ] as [(String?, Language)]
    )
    func accepted(header: String?, language: Language) {
        #expect(Language(accepted: header) == language)
    }

    @Test("every language has every text, with the same places for values")
    func complete() {
        let (ours, theirs) = (Self.entries(of: english.json), Self.entries(of: german.json))
        #expect(Set(ours.keys).symmetricDifference(theirs.keys).sorted() == [])
        for (key, text) in ours {
            guard let other = theirs[key] else { continue }
            #expect(Self.places(in: text) == Self.places(in: other), "\(key)")
            #expect(other.isEmpty == text.isEmpty, "\(key)")
        }
    }

    private static func entries(of json: JSONValue, _ key: String = "") -> [String: String] {
        guard let members = json.object else { return [key: json.string ?? ""] }
        return members.reduce(into: [:]) { entries, member in
            entries.merge(Self.entries(of: member.value, key + "." + member.key)) { $1 }
        }
    }

    private static func places(in text: String) -> [String] {
        text.matches(of: /\{[a-z_]+\}/).map { String($0.output) }.sorted()
    }
}
