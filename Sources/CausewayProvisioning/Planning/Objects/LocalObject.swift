import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore

/// A user or group of the directory, with what is read of it to plan it: everything in which planning the two differs.
protocol LocalObject: Sendable {
    associatedtype Key: Hashable, Comparable, Sendable
    associatedtype Plan: AttributePlan

    static var kind: ObjectKind { get }
    /// The progress step of a run that plans such objects.
    static var step: SyncProgress.Step { get }

    /// The keys of the objects that a plan is about; nil for all in scope.
    static func keys(in selection: PlanSelection) -> Set<Key>?

    /// Reads a page of the objects in scope, in the order of their keys.
    ///
    /// - Parameters:
    ///   - keys: only these; nil for all.
    ///   - last: the last key of the page before.
    static func page(among keys: Set<Key>?, after last: Key?, in context: PlanningContext) async throws -> [Self]

    /// Reads one object, in scope or not, as if it had this link.
    ///
    /// - Throws: `StoreError` if there is no such object.
    static func one(_ key: Key, link: ObjectLink?, in context: PlanningContext) async throws -> Self

    var key: Key { get }
    var record: Plan.Local { get }
    var reference: ObjectReference { get }
    var name: String { get }
    /// Its link, even if the Entra object is gone.
    var link: ObjectLink? { get }
    /// What the mappings see of it.
    var subject: MappingInput.Subject { get }

    /// Whether its account may sign in; nil for what has no account.
    func accountEnablement(at provider: EntraProvider) -> AccountEnablement?

    /// The keys by which it is looked for in the tenant, given its desired values.
    func searchKeys(_ rules: MatchRules, desired: [String: JSONValue]) -> SearchKeys
}

extension LocalObject {
    /// Its link, unless the Entra object is gone.
    var presentLink: ObjectLink? {
        guard let link, link.presence == .present else { return nil }
        return link
    }

    /// Whether it had a link whose Entra object is gone.
    var hasLostEntraObject: Bool { link.map { $0.presence != .present } ?? false }
}

/// The objects of one kind in scope, a page at a time.
struct ScopePages<Local: LocalObject> {
    private let context: PlanningContext
    private let keys: Set<Local.Key>?
    private var pages: KeyedPages<Local.Key>

    /// - Parameter keys: only these; nil for all.
    init(_ context: PlanningContext, among keys: Set<Local.Key>?) {
        (self.context, self.keys) = (context, keys)
        pages = KeyedPages(among: keys, size: PlanningContext.pageSize)
    }

    /// How many objects there are.
    func count() async throws -> Int {
        if let keys { return keys.count }
        return try await context.store.read { [provider = context.provider] transaction in
            try transaction.scopeCount(of: provider, kind: Local.kind)
        }
    }

    /// The next page; nil after the last.
    mutating func next() async throws -> [Local]? {
        try await pages.next(by: \.key) { [context] in try await Local.page(among: $0, after: $1, in: context) }
    }
}
