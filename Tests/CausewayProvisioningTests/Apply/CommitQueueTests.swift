import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

@testable import CausewayProvisioning

@Suite("Commits of several batches")
struct CommitQueueTests {
    private struct Refused: Error {}

    @Test(
        "every write is committed when it returns, whatever others do at the same time; one that throws changes nothing and fails alone"
    )
    func together() async throws {
        try await StoreFixture.with { temporary in
            let store = temporary.store
            let queue = CommitQueue(store: store)
            let failed = try await withThrowingTaskGroup(of: Int?.self) { group in
                for number in 0..<100 {
                    group.addTask {
                        do {
                            try await queue.write { transaction in
                                _ = try transaction.createUser(UserProfile(username: "user\(number)"))
                                if number % 7 == 3 { throw Refused() }
                            }
                        } catch is Refused { return number }
                        #expect(try await store.read { try $0.user(named: "user\(number)") } != nil)
                        return nil
                    }
                }
                return try await group.reduce(into: [Int]()) { if let number = $1 { $0.append(number) } }
            }
            #expect(failed.sorted() == (0..<100).filter { $0 % 7 == 3 })
            #expect(try await store.read { try $0.userCounts().all } == 100 - failed.count)
        }
    }

    @Test("writes follow each other in the order in which they came")
    func order() async throws {
        try await StoreFixture.with { temporary in
            let queue = CommitQueue(store: temporary.store)
            for number in 0..<5 {
                try await queue.write { transaction in
                    let count = try transaction.userCounts().all
                    #expect(count == number)
                    _ = try transaction.createUser(UserProfile(username: "user\(count)"))
                }
            }
        }
    }
}
