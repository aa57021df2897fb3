import Testing

@testable import CausewayStore

@Suite("Ranges of keys to read")
struct KeyRangeTests {
    @Test("neighboring keys share a range and distant keys have their own, in any order")
    func covering() {
        #expect(KeyRange.covering([Int64]()).isEmpty)
        #expect(KeyRange.covering([7]) == [KeyRange(first: 7, last: 7)])
        #expect(KeyRange.covering(1...500) == [KeyRange(first: 1, last: 500)])
        #expect(
            KeyRange.covering([300_000, 5, 1, 300_040, 5])
                == [KeyRange(first: 1, last: 5), KeyRange(first: 300_000, last: 300_040)]
        )
        #expect(KeyRange.covering([1, 101]).count == 1 && KeyRange.covering([1, 102]).count == 2)
    }
}
