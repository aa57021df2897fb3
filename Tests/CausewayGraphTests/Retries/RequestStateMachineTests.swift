import CausewayJSON
import Testing

@testable import CausewayGraph

@Suite("The states of a request")
struct RequestStateMachineTests {
    private typealias Outcome = Result<GraphResponse, GraphFailure>

    private let ledger = RetryLedger()
    private let start = ContinuousClock.now
    private let policy = RetryPolicy(attempts: 4, firstPause: .seconds(1), longestPause: .seconds(8))

    private static let lookup = ObjectLookup("/groups(uniqueName='a')", key: (property: "uniqueName", value: "a"))
    private let create = GraphRequest(.post, "/groups", body: ["uniqueName": "a"], repetition: .afterLooking(lookup))
    private let bare = GraphRequest(.post, "/users", body: [:])
    private let patch = GraphRequest(.patch, "/users/7", body: [:], repetition: .harmless)

    private func failure(_ status: Int, _ code: String = "", _ message: String = "") -> Outcome {
        .failure(
            GraphFailure(
                status: status,
                headers: [:],
                body: ["error": ["code": .string(code), "message": .string(message)]]
            )
        )
    }
    private func success(_ status: Int, _ body: JSONValue? = nil) -> Outcome {
        .success(GraphResponse(status: status, headers: [:], body: body))
    }
    private let lost = Outcome.failure(.unanswered("reset"))
    private let conflict = Outcome.failure(GraphFailure(kind: .alreadyExists(property: "uniqueName"), message: "x"))

    /// Passes answers to a state machine, in turn.
    ///
    /// - Returns: what was sent after the first request, and the outcome if there is one.
    private func run(_ request: GraphRequest, _ answers: [Outcome]) -> (sent: [String], outcome: Outcome?) {
        var machine = RequestStateMachine(request, policy: policy, deadline: start + .seconds(900))
        var sent: [String] = []
        for answer in answers {
            switch machine.next(after: answer, ledger: ledger, now: start) {
            case .done(let outcome): return (sent, outcome)
            case .send(let request, _): sent.append("\(request.method.rawValue) \(request.path)")
            }
        }
        return (sent, nil)
    }

    private func kind(_ outcome: Outcome?) -> GraphFailure.Kind? {
        if case .failure(let failure)? = outcome { failure.kind } else { nil }
    }

    @Test("a write that was certainly not executed is sent again; one that may have been is not")
    func bareWrites() {
        #expect(run(bare, [failure(429), success(201)]).sent == ["POST /users"])
        #expect(run(bare, [failure(424), success(201)]).sent == ["POST /users"])
        for stale in [failure(500), failure(502), failure(503), failure(504), lost] {
            let (sent, outcome) = run(bare, [stale])
            #expect(sent.isEmpty && outcome != nil)
            #expect(run(patch, [stale, success(204)]).sent == ["PATCH /users/7"])
        }
        #expect(run(bare, [failure(400), success(201)]).sent.isEmpty)
        #expect(run(bare, [failure(403, "Authorization_RequestDenied")]).sent.isEmpty)
    }

    @Test("a create whose answer is lost is looked up; an object that is found is the answer")
    func foundByLooking() {
        let object: JSONValue = ["id": "1", "uniqueName": "a"]
        let (sent, outcome) = run(create, [lost, failure(404), success(200, object)])
        #expect(sent == ["GET /groups(uniqueName='a')", "GET /groups(uniqueName='a')"])
        guard case .success(let answer)? = outcome else {
            Issue.record("not found")
            return
        }
        #expect(answer.body == object)
        let other = run(create, [lost, success(200, ["value": [["id": "2", "uniqueName": "b"], object]])])
        guard case .success(let found)? = other.outcome else {
            Issue.record("not found in the list")
            return
        }
        #expect(found.body == object)
    }

    @Test("a lost create that is not found is sent again; if Graph then says that it exists, it is Causeway's")
    func sentAgain() {
        let gone = failure(404)
        let again = run(create, [lost, gone, gone, gone, gone, success(201, ["id": "1"])])
        #expect(again.sent.last == "POST /groups")
        #expect(again.sent.count { $0 == "POST /groups" } == 1)
        let exists = run(
            create,
            [lost, gone, gone, gone, gone, conflict, gone, success(200, ["id": "1", "uniqueName": "a"])]
        )
        guard case .success? = exists.outcome else {
            Issue.record("given up")
            return
        }
    }

    @Test("the first refusal because an object exists is looked up: it is Causeway's, or someone else's")
    func refusedAtFirst() {
        #expect(kind(run(create, [conflict, failure(404)]).outcome) == .alreadyExists(property: "uniqueName"))
        let ours = run(create, [conflict, success(200, ["id": "1", "uniqueName": "a"])])
        #expect(ours.outcome.map { kind($0) == nil } == true)
        let theirs = run(create, [conflict, success(200, ["id": "1", "uniqueName": "b"])])
        #expect(kind(theirs.outcome) == .alreadyExists(property: "uniqueName"))
        #expect(kind(run(bare, [conflict]).outcome) == .alreadyExists(property: "uniqueName"))
    }

    @Test("a write whose outcome cannot be determined stays open, and is never sent again")
    func undecided() {
        let (sent, outcome) = run(create, Array(repeating: lost, count: 10))
        #expect(!sent.contains("POST /groups"))
        #expect(kind(outcome) == .unanswered)
        let denied = run(create, [lost, failure(403, "Authorization_RequestDenied")])
        #expect(kind(denied.outcome) == .unanswered)
    }

    @Test("404 is final, except for an object that was created recently")
    func freshObjects() {
        #expect(kind(run(patch, [failure(404)]).outcome) == .notFound)
        ledger.noteSuccess(GraphResponse(status: 201, headers: [:], body: ["id": "7"]), of: bare, now: start)
        let (sent, outcome) = run(patch, [failure(404), failure(404), success(204)])
        #expect(sent.count == 2)
        #expect(outcome.map { kind($0) == nil } == true)
        let patient = run(patch, Array(repeating: failure(404), count: 20))
        #expect(patient.sent.count == policy.lookupsForNew)
        #expect(kind(patient.outcome) == .notFound)
        let hasty = run(patch.withoutWaiting, [failure(404)])
        #expect(hasty.sent.isEmpty && kind(hasty.outcome) == .notFound)
        let lagging = failure(
            400,
            "Request_BadRequest",
            "The source resource object or one of the objects being referenced don't exist."
        )
        let reference: JSONValue = ["members@odata.bind": ["https://g/v1.0/directoryObjects/7"]]
        let bind = GraphRequest(.patch, "/groups/old", body: reference)
        #expect(run(bind, [lagging, success(204)]).sent == ["PATCH /groups/old"])
        #expect(run(GraphRequest(.patch, "/groups/old", body: [:]), [lagging]).sent.isEmpty)
        #expect(!ledger.isFresh(patch, now: start + .seconds(31)))
    }

    @Test("throttling does not count as an attempt; other failures do, and the deadline ends the request")
    func limits() {
        #expect(run(patch, Array(repeating: failure(429), count: 50)).outcome == nil)
        #expect(run(patch, Array(repeating: failure(503), count: 50)).sent.count == policy.attempts - 1)
        var machine = RequestStateMachine(patch, policy: policy, deadline: start + .seconds(3))
        guard case .done(let outcome) = machine.next(after: failure(429), ledger: ledger, now: start + .seconds(3))
        else {
            Issue.record("it goes on after its time")
            return
        }
        #expect(kind(outcome) == .throttled)
    }

    @Test("when everything fails, retries run out")
    func budget() {
        let ledger = RetryLedger()
        let sent = (0..<300).map { _ in
            var machine = RequestStateMachine(patch, policy: policy, deadline: start + .seconds(900))
            guard case .send = machine.next(after: failure(503), ledger: ledger, now: start) else { return 0 }
            return 1
        }
        #expect(sent.reduce(0, +) == 200)
        for _ in 0..<10 {
            ledger.noteSuccess(GraphResponse(status: 204, headers: [:], body: nil), of: patch, now: start)
        }
        #expect((0..<20).count { _ in ledger.takeRepetition() } == 10)
    }

    @Test("old creates are dropped, and only a limited number is kept")
    func forgetting() {
        var fresh = FreshObjects()
        for number in 0..<120_000 { fresh.insert("\(number)", now: start) }
        #expect(!fresh.contains("0", now: start))
        #expect(fresh.contains("119999", now: start))
        #expect(!fresh.contains("119999", now: start + .seconds(31)))
    }
}
