import CausewayModel
import CausewayStore

/// What is stored about the objects of a batch before its results are committed. It is read together: on its own, each question would wait
/// for the database.
struct StateBeforeBatch {
    private let provider: ProviderID
    var objects: MirrorPage
    /// The local objects that the batch links and that still exist.
    let existing: Set<ObjectReference>
    /// Whether Graph is known to refuse anything of objects that the batch changes.
    let hasRefusals: Bool
    private var links: [ObjectReference: ObjectLink]
    /// The local objects whose links were read and not given out yet.
    private var unread: Set<ObjectReference>

    init(_ results: [ActionResult], provider: ProviderID, in transaction: Transaction) throws {
        self.provider = provider
        let done = results.filter { $0.isDone || $0.accepted?.isEmpty == false }
        objects = try MirrorPage(
            of: done.compactMap { $0.prepared.entraID ?? $0.created?.id },
            provider: provider,
            in: transaction
        )
        let linking = done.filter { [.create, .restore].contains($0.prepared.action.verb) }
        unread = Set(linking.compactMap(\.prepared.action.object))
        existing = try transaction.existing(Array(unread))
        links = try transaction.links(of: Array(unread), provider: provider)
        // Nothing is remembered of objects that were just made.
        let changesObjects = results.contains { $0.prepared.action.verb != .create }
        hasRefusals =
            try changesObjects && (results.contains { !$0.refused.isEmpty } || transaction.hasRefusals(of: provider))
    }

    /// The link of a local object. It is given out once, because it is out of date after the change.
    mutating func takeLink(of object: ObjectReference, in transaction: Transaction) throws -> ObjectLink? {
        guard unread.remove(object) != nil else { return try transaction.link(of: object, provider: provider) }
        return links.removeValue(forKey: object)
    }
}
