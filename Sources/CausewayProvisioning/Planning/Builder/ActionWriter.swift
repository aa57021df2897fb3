import CausewayModel
import CausewayStore

/// Numbers actions in their order and writes them to the store in pages.
struct ActionWriter {
    let store: Store
    let run: RunID
    private var buffer: [StoredAction] = []
    private var count: Int64 = 0
    /// The destructive actions so far.
    private(set) var destructive = DestructiveChanges()

    private static let pageSize = 500

    init(store: Store, run: RunID) {
        self.store = store
        self.run = run
    }

    mutating func add(_ actions: [Action]) async throws {
        for action in actions { try await add(action, Outcome(.planned)) }
    }

    /// Adds an action, which may have an outcome already: what is skipped or cannot be done.
    mutating func add(_ action: Action, _ outcome: Outcome) async throws {
        count += 1
        var action = action
        action.sequence = count
        if outcome.status == .planned { destructive.count(action) }
        buffer.append(StoredAction(action: action, outcome: outcome))
        if buffer.count >= Self.pageSize { try await flush() }
    }

    mutating func flush() async throws {
        guard !buffer.isEmpty else { return }
        let page = buffer
        buffer = []
        try await store.write { [run] in try $0.insertActions(page, run: run) }
    }
}
