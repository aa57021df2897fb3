import CausewayJSON
import Testing

@testable import CausewayGraph

@Suite("Packing batches")
struct BatchQueueTests {
    private let now = ContinuousClock.now

    private func patch(_ id: Int) -> GraphRequest { GraphRequest(.patch, "/users/\(id)", body: ["jobTitle": "x"]) }
    private func take(_ queue: inout BatchQueue, _ kind: BatchQueue.Kind = .writes) -> [Int] {
        queue.wake(now)
        return queue.take(kind).map(\.ticket)
    }

    @Test("a batch has at most twenty requests, in order, and either reads or writes")
    func order() {
        var queue = BatchQueue()
        for ticket in 0..<50 {
            queue.add(ticket, ticket % 2 == 0 ? GraphRequest(.get, "/users/\(ticket)") : patch(ticket))
        }
        #expect(take(&queue) == Array(stride(from: 1, to: 41, by: 2)))
        #expect(take(&queue, .reads) == Array(stride(from: 0, to: 40, by: 2)))
        #expect(take(&queue) == [41, 43, 45, 47, 49])
        #expect(take(&queue).isEmpty)
    }

    @Test("writes to one object are sent in turn, even if the first one fails")
    func sameObject() {
        var queue = BatchQueue()
        queue.add(1, patch(7))
        queue.add(2, patch(7))
        queue.add(3, patch(8))
        #expect(take(&queue) == [1, 3])
        queue.again(1, patch(7), due: now)
        #expect(take(&queue) == [1])
        queue.finish(1)
        #expect(take(&queue) == [2])
    }

    @Test("links of one group are sent together, those of one member in their order")
    func links() {
        func add(_ member: String) -> GraphRequest {
            GraphRequest(
                .post,
                "/groups/g/members/$ref",
                body: ["@odata.id": .string("https://x/v1.0/directoryObjects/\(member)")]
            )
        }
        let bind = GraphRequest(
            .patch,
            "/groups/g",
            body: ["members@odata.bind": ["https://x/v1.0/directoryObjects/a", "https://x/v1.0/directoryObjects/c"]]
        )
        var queue = BatchQueue()
        queue.add(1, add("a"))
        queue.add(2, add("b"))
        queue.add(3, GraphRequest(.delete, "/groups/g/members/a/$ref"))
        queue.add(4, bind)
        queue.add(5, GraphRequest(.patch, "/groups/g", body: ["description": "x"]))
        #expect(take(&queue) == [1, 2, 5])
        queue.finish(1)
        #expect(take(&queue) == [3])
        queue.finish(3)
        #expect(take(&queue) == [4])
    }

    @Test("a request that is sent again waits for its time, then goes first")
    func repetition() {
        var queue = BatchQueue()
        for ticket in 0..<30 { queue.add(ticket, patch(ticket)) }
        #expect(take(&queue).count == 20)
        let due = now + .seconds(5)
        queue.again(3, patch(3), due: due)
        #expect(queue.nextDue == due)
        #expect(take(&queue) == Array(20..<30))
        queue.add(40, patch(40))
        queue.wake(due)
        #expect(queue.take(.writes).map(\.ticket) == [3, 40])
        #expect(queue.nextDue == nil)
    }

    @Test("a repetition of one kind becomes ready and stays so while the other kind is taken")
    func repetitionOfOtherKind() {
        var queue = BatchQueue()
        queue.add(1, GraphRequest(.get, "/users/1"))
        #expect(take(&queue, .reads) == [1])
        let due = now + .seconds(5)
        queue.again(1, GraphRequest(.get, "/users/1"), due: due)
        #expect(queue.take(.reads).isEmpty && queue.nextDue == due)
        queue.wake(due)
        #expect(queue.take(.writes).isEmpty)
        #expect(queue.take(.reads).map(\.ticket) == [1])
    }

    @Test("a canceled request is not sent")
    func givenUp() {
        var queue = BatchQueue()
        queue.add(1, patch(1))
        queue.add(2, patch(1))
        queue.finish(1)
        #expect(take(&queue) == [2])
    }

    @Test("a request costs what Graph documents")
    func costs() {
        func units(_ path: String) -> Int { GraphRequest(.get, path).cost.resourceUnits }
        #expect(units("/users") == 2)
        #expect(units("/users?$select=id&$top=999") == 1)
        #expect(units("/users/7") == 1)
        #expect(units("/groups/7/members?$top=999") == 3)
        #expect(units("/groups/7/members?$top=999&$select=id") == 2)
        #expect(units("/groups/7/transitiveMembers") == 5)
        #expect(units("/groups?$expand=members") == 2)
        #expect(units("/subscribedSkus") == 3)
        #expect(units("/users/delta?$select=id") == 1)
        #expect(GraphRequest(.post, "/directoryObjects/getByIds").cost == RequestCost(resourceUnits: 5, writes: 0))
        #expect(GraphRequest(.post, "/users").cost == .write)
        #expect(GraphRequest(.delete, "/groups/1/members/2/$ref").cost == .write)
    }
}
