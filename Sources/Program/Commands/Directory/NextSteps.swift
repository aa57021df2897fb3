import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore

/// What a change of one user or group leads to, in sentences. Pure.
struct NextSteps {
    /// A provider, as far as it decides that.
    struct Standing {
        let name: String
        /// Why it sends nothing, in a few words; nil if it works.
        var obstacle: String?
        /// Whether it provisions the object, or has linked it.
        var isInvolved = true
        var hasSynced = true
        var reviewsFirstSync = false
        /// Whether it suspends the account of the object.
        var suspends = false
        /// Whether its guard lets another suspension pass.
        var isWithinGuard = true
    }

    /// The object as `explain` takes it: `user 'ada'`.
    let object: String
    let standings: [Standing]
    let isServerRunning: Bool

    var sentences: [String] {
        let active = standings.filter { $0.obstacle == nil }
        guard !active.isEmpty else { return ["Nothing is sent to Entra: \(reasonForNothing)."] }
        let involved = active.filter(\.isInvolved)
        let see = "See: causeway explain \(object)"
        guard !involved.isEmpty else { return ["Nothing is sent to Entra: no active provider has it in scope. \(see)"] }
        return involved.map(sentence) + [see]
    }

    private var reasonForNothing: String {
        guard !standings.isEmpty else { return "there is no provider" }
        let obstacles = standings.map { "'\($0.name)': \($0.obstacle ?? "")" }.joined(separator: ", ")
        return "no provider is active (\(obstacles))"
    }

    private func sentence(for provider: Standing) -> String {
        let name = "'\(provider.name)'"
        if !provider.hasSynced, provider.reviewsFirstSync {
            return "\(name) sends it with its first sync, which waits for you: causeway plan \(name)"
        }
        if provider.suspends, !provider.isWithinGuard {
            return "The suspension of the account waits for approval, since the guard of \(name) lets no more pass."
        }
        let what = provider.suspends ? "\(name) suspends the account in Entra" : "\(name) sends the change to Entra"
        let when =
            isServerRunning
            ? "within seconds." : "when a server runs (causeway serve), or now with: causeway sync \(name)"
        return "\(what) \(when)"
    }
}

extension NextSteps {
    /// - Parameter isLeaver: whether the user has become inactive.
    init(
        _ object: ObjectReference,
        called name: String,
        isLeaver: Bool,
        isServerRunning: Bool,
        in transaction: Transaction
    )
        throws
    {
        self.object = "\(object.kind.rawValue) '\(name)'"
        self.isServerRunning = isServerRunning
        standings = try transaction.providers().map { provider in
            let link = try transaction.link(of: object, provider: provider.id)
            let isSignedIn = link.map { $0.presence == .present && $0.known["accountEnabled"] != false } ?? false
            let suspends = isLeaver && provider.blockInactive && isSignedIn
            return Standing(
                name: provider.name,
                obstacle: try Self.obstacle(provider, in: transaction),
                isInvolved: try link != nil || Self.isInScope(object, provider, in: transaction),
                hasSynced: try transaction.journalPosition(of: provider.id) != nil,
                reviewsFirstSync: provider.reviewFirstSync,
                suspends: suspends,
                // It counts all links, which takes a while at a large provider.
                isWithinGuard: try !suspends || GuardAllowance(of: provider, in: transaction).left > 0
            )
        }
    }

    private static func obstacle(_ provider: EntraProvider, in transaction: Transaction) throws -> String? {
        let runState = try transaction.runState(of: provider.id)
        if let text = runState.stateText(at: transaction.now) { return text }
        return provider.application == nil || provider.vanishedFilterGroup != nil || provider.dryRun
            ? provider.stateText : nil
    }

    private static func isInScope(_ object: ObjectReference, _ provider: EntraProvider, in transaction: Transaction)
        throws
        -> Bool
    {
        if let user = object.user {
            return try !transaction.usersInScope(of: provider, among: [user], after: nil, limit: 1).isEmpty
        }
        guard let group = object.group else { return false }
        // Members of a filter group come into scope or leave it.
        return try provider.filterGroup != nil
            || !transaction.groupsInScope(of: provider, among: [group], after: nil, limit: 1).isEmpty
    }
}

extension DataOptions {
    /// What a change that a command has just made leads to.
    func nextSteps(_ object: ObjectReference, called name: String, isLeaver: Bool = false, in store: Store) async throws
        -> NextSteps
    {
        let isRunning = FolderLock.address(in: try settings().openFolder()) != nil
        return try await store.read {
            try NextSteps(object, called: name, isLeaver: isLeaver, isServerRunning: isRunning, in: $0)
        }
    }
}

extension Output {
    /// Prints an object as the API returns it, or a sentence; and what happens next.
    func print(_ json: JSONValue, orSay sentence: String, _ next: NextSteps) {
        guard isJSON else { return ([sentence] + next.sentences).forEach { print($0) } }
        print(.object((json.object ?? [:]).merging(["next_steps": JSONValue(next.sentences)]) { $1 }))
    }
}
