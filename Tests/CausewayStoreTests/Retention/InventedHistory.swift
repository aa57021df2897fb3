import CausewayJSON
import CausewayModel
import CausewayTestSupport
import Foundation

@testable import CausewayStore

/// Months of runs, failures, approvals and events that a seed repeats, written by the store's own functions.
struct InventedHistory {
    let store: Store
    let clock: TestClock
    let provider: ProviderID
    private(set) var objects: [ObjectReference]
    private var generator: InventedNumbers

    private static let lease = RunLease(owner: "process", duration: .seconds(60))

    /// - Parameter seed: for the choices.
    init(in store: Store, _ clock: TestClock, seed: UInt64) async throws {
        (self.store, self.clock, generator) = (store, clock, InventedNumbers(state: seed))
        (provider, objects) = try await store.write { transaction in
            let provider = try transaction.makeProvider().id
            try transaction.saveApplication(Application(name: "A", slug: "a", backchannelProviders: [provider]))
            var objects: [ObjectReference] = []
            for number in 0..<12 {
                objects.append(ObjectReference(try transaction.createUser(UserProfile(username: "u\(number)")).id))
            }
            for number in 0..<4 {
                objects.append(ObjectReference(try transaction.createGroup(GroupProfile(name: "g\(number)")).id))
            }
            for object in objects.dropLast(2) {
                let link = ObjectLink(
                    provider: provider,
                    kind: object.kind,
                    object: object,
                    entraID: EntraObjectID("entra-\(object.id)"),
                    known: [:]
                )
                try transaction.saveLink(link, name: object.id)
            }
            return (provider, objects)
        }
    }

    /// Lets months pass, with a run every few days.
    mutating func write(runs: Int) async throws {
        for number in 0..<runs {
            clock.turn(by: Retention.day * (1 + generator.below(4)) + .seconds(generator.below(1000)))
            try await writeRun(number)
        }
    }

    private mutating func writeRun(_ number: Int) async throws {
        let trigger = generator.pick([RunTrigger.schedule, .schedule, .manual, .change, .change, .preview, .approval])
        let isFull = trigger != .change
        let outcomes: [OutcomeStatus] =
            trigger == .preview
            ? [.planned] : [.applied, .applied, .applied, .unchanged, .failed, .retry, .skipped, .held, .sent]
        let actions = (0..<(isFull ? generator.below(14) : 1)).map { index in
            action(Int64(index + 1), status: generator.pick(outcomes))
        }
        let sent = actions.filter { $0.outcome.status == .sent }
        let (provider, clock, store) = (provider, clock, store)
        let run = try await store.write { transaction in
            try transaction.resetPendingActions(provider: provider, before: .random())
            let run = Run(provider: provider, trigger: trigger, isFull: isFull, startedAt: transaction.now)
            _ = try transaction.beginRun(run, lease: Self.lease) { _ in true }
            try transaction.insertActions(actions, run: run.id)
            return run
        }
        clock.turn(by: .seconds(30))
        let ending = generator.pick([RunStatus.succeeded, .warning, .failed, .rejected, .interrupted])
        let isWaiting = actions.contains { $0.outcome.status == .held }
        let isApproved = generator.below(2) == 0
        try await store.write { transaction in
            let covered = isFull ? nil : LinkSelection(Set(actions.compactMap(\.action.object)))
            try transaction.noteFailing(after: run.id, of: provider, covered: covered, isPlan: trigger == .preview)
            if trigger == .preview {
                try transaction.setStatus(.planned, of: run.id)
            } else if isWaiting {
                try transaction.holdForApproval(run.id, message: "waits")
                if isFull { try transaction.concludeFullSync(run.id, of: provider, isWaiting: true) }
                if isApproved { try Self.approve(run, in: transaction) }
            } else {
                try transaction.setStatus(sent.isEmpty ? ending : .interrupted, of: run.id)
                if isFull, sent.isEmpty { try transaction.concludeFullSync(run.id, of: provider, isWaiting: false) }
            }
            try transaction.record(.runRequested, nil, details: ["run": .string(run.id.text)], by: .engine)
        }
    }

    private static func approve(_ run: Run, in transaction: Transaction) throws {
        try transaction.insertApproval(
            Approval(
                run: run.id,
                provider: run.provider,
                approvedBy: "grace",
                approvedAt: transaction.now,
                expiresAt: transaction.now + .seconds(86_400)
            )
        )
        try transaction.endWaiting(of: run.id, as: .approved, message: "Approved by grace.")
    }

    private mutating func action(_ sequence: Int64, status: OutcomeStatus) -> StoredAction {
        let object = generator.pick(objects)
        let isSwitch = object.kind == .user && generator.below(4) == 0
        let action = Action(
            sequence: sequence,
            phase: object.kind == .user ? .users : .groups,
            verb: isSwitch && generator.below(2) == 0 ? .suspend : .update,
            kind: object.kind,
            object: generator.below(15) == 0 ? nil : object,
            name: object.id,
            entraID: EntraObjectID("entra-\(object.id)"),
            reason: .attributesDiffer,
            changes: [AttributeChange(attribute: isSwitch ? "accountEnabled" : "displayName", old: nil, new: "x")]
        )
        let isFailure = status == .failed || status == .retry
        return StoredAction(action: action, outcome: Outcome(status, message: isFailure ? "refused" : ""))
    }
}

/// What the database says about the present, and everything that waits.
struct StoredPresent: Equatable {
    var latest: [ObjectReference: PastAction] = [:]
    var done: [ObjectReference: PastAction] = [:]
    var signIn: [ObjectReference: PastAction] = [:]
    /// The causes of failures in words.
    var failing: [String] = []
    var unanswered: [StoredAction] = []
    var waiting: [Run: [StoredAction]] = [:]
    var approvals: [Approval] = []
    var lastRuns: [Run?] = []
    var outstanding: Outstanding?
    /// The events that a run which waits depends on.
    var requests: [String] = []

    init(of history: InventedHistory) async throws {
        let (provider, objects) = (history.provider, history.objects)
        self = try await history.store.read { transaction in
            var present = StoredPresent()
            for object in objects {
                let past = try transaction.history(of: object, provider: provider, limit: 10_000)
                let done = past.filter { ![.planned, .held].contains($0.stored.outcome.status) }
                present.latest[object] = past.first
                present.done[object] = done.first
                present.signIn[object] = done.first { past in
                    past.stored.outcome.status == .applied
                        && (past.stored.action.verb == .suspend
                            || past.stored.action.changes.contains { $0.attribute == "accountEnabled" })
                }
            }
            let all = ListSlice(offset: 0, limit: 1000)
            present.failing = try transaction.failureCauses(of: provider, all, examples: 100).rows.map { "\($0)" }
            present.approvals = try transaction.approvals(of: provider).filter { $0.endedAt == nil }
            let runs = try transaction.runs(of: provider, limit: 10_000)
            for run in runs {
                let actions = try transaction.actions(of: run.id, after: 0, limit: 10_000)
                present.unanswered += actions.filter { $0.outcome.status == .sent }
                guard run.status == .awaitingApproval || present.approvals.contains(where: { $0.run == run.id }) else {
                    continue
                }
                present.waiting[run] = actions
                present.requests += try transaction.events(limit: 10_000).filter {
                    $0.context["causeway"]?["run"]?.string == run.id.text
                }.map { $0.id.uuidString }
            }
            present.lastRuns = [
                runs.first, try transaction.lastSync(of: provider), try transaction.lastEndedFullSync(of: provider),
            ]
            present.outstanding = try transaction.provider(provider).map(transaction.outstanding)
            return present
        }
    }

    private init() {}
}

/// Numbers that a seed repeats (SplitMix64).
struct InventedNumbers {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
    }

    mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[below(choices.count)] }
}
