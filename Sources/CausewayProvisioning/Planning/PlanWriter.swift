import CausewayModel
import CausewayStore

/// Numbers actions in the order in which they come and writes them to the store in pages.
struct PlanWriter {
    let store: Store
    let run: RunID
    private var buffer: [StoredAction] = []
    private var count: Int64 = 0
    /// Actions so far that the guard counts.
    private(set) var dangerous = 0

    private static let pageSize = 500

    init(store: Store, run: RunID) {
        self.store = store
        self.run = run
    }

    mutating func add(_ actions: [Action]) async throws {
        for action in actions { try await add(action, Outcome(.planned)) }
    }

    /// Adds an action whose outcome may be settled already: what is skipped or cannot be done.
    mutating func add(_ action: Action, _ outcome: Outcome) async throws {
        count += 1
        var action = action
        action.sequence = count
        if action.isDangerous, outcome.status == .planned { dangerous += 1 }
        buffer.append(StoredAction(action: action, outcome: outcome))
        if buffer.count >= Self.pageSize { try await flush() }
    }

    mutating func flush() async throws {
        let page = buffer
        buffer = []
        try await store.write { [run] in try $0.insertActions(page, run: run) }
    }
}
