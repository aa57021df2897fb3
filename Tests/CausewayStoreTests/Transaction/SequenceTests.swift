import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@Suite("Numbers of sequences")
struct SequenceTests {
    private struct Refused: Error {}

    @Test(
        "users get numbers in order; those of a transaction that was rolled back are used again, and no number is given twice"
    )
    func order() async throws {
        try await StoreFixture.with { temporary in
            @Sendable func add(_ names: [String], in transaction: Transaction) throws -> [Int64] {
                try names.map { try transaction.createUser(UserProfile(username: $0)).id.rawValue }
            }
            let first = try await temporary.store.write { try add(["a", "b", "c"], in: $0) }
            #expect(first == [first[0], first[0] + 1, first[0] + 2])
            await #expect(throws: Refused.self) {
                try await temporary.store.write { transaction in
                    _ = try add(["d", "e"], in: transaction)
                    throw Refused()
                }
            }
            // A part that fails takes its numbers with it: others have been promised none of them.
            let second = try await temporary.store.write { transaction in
                _ = try? transaction.attempt { _ = try add(["f", "a"], in: transaction) }
                return try add(["g"], in: transaction)
            }
            let third = try await temporary.store.write { try add(["h"], in: $0) }
            let all = first + second + third
            #expect(all == all.sorted() && Set(all).count == all.count)
            #expect(second[0] <= first[0] + 5 && third[0] == second[0] + 1)
        }
    }
}
