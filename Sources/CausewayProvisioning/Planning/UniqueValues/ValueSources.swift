import CausewayModel
import CausewayStore

/// Finds out whether the desired values of a plan's objects become free, from what is planned for their present holders.
struct ValueSources {
    let provider: EntraProvider
    let run: RunID
    let contested: [ContestedPlan]
    /// The Entra objects that the plan links.
    let owners: [EntraObjectID: ObjectReference]
    private let indices: [ObjectReference: Int]
    /// The Entra objects whose deletion frees a desired value.
    private(set) var freeing: Set<EntraObjectID> = []

    init(
        _ contested: [ContestedPlan],
        owners: [EntraObjectID: ObjectReference],
        provider: EntraProvider,
        run: RunID
    ) {
        (self.contested, self.owners, self.provider, self.run) = (contested, owners, provider, run)
        indices = Dictionary(contested.enumerated().map { ($1.plan.object.reference, $0) }) { first, _ in first }
    }

    /// The contenders for a value.
    mutating func contenders(in transaction: Transaction) throws -> [ValueContest.Contender] {
        var contenders: [ValueContest.Contender] = []
        for contested in contested {
            let object = contested.plan.object
            var contender = ValueContest.Contender(
                object: object.reference,
                name: object.name,
                wants: contested.wanted,
                needsAll: contested.plan.brings
            )
            for (value, holders) in contested.holders {
                contender.sources[value] = try holders.map {
                    try source(of: value, at: $0, for: object, in: transaction)
                }
            }
            for (value, rival) in contested.rivals where indices[rival] == nil {
                contender.winners[value] = try title(of: rival, in: transaction)
            }
            contenders.append(contender)
        }
        return contenders
    }

    private mutating func source(
        of value: UniqueValue,
        at holder: FoundObject,
        for newcomer: PlannedObject,
        in transaction: Transaction
    ) throws -> ValueContest.Source {
        if let owner = owners[holder.object.entraID] {
            return try source(of: value, at: holder, ownedBy: owner, in: transaction)
        }
        guard let link = holder.link else {
            let former = try holder.object.former.map { former in
                try transaction.exists(former)
                    ? "\(title(of: former, in: transaction)), whose link was ended"
                    : "a user or group that was deleted from the directory"
            }
            return .stays(.left(value, at: holder.object, by: former, newcomer))
        }
        if let object = link.object, try transaction.isInScope(object, of: provider) {
            return try source(of: value, at: holder, ownedBy: object, in: transaction)
        }
        let leaving = ObjectLink(
            provider: provider.id,
            kind: holder.object.kind,
            object: link.object,
            entraID: holder.object.entraID,
            known: holder.object.known
        )
        let exit = DeprovisioningPlan(settings: provider.settings).action(for: leaving, name: link.name)
        guard exit?.verb == .delete else {
            let leaver =
                try link.object.map { "\(try title(of: $0, in: transaction)), which has left the provider's scope" }
                ?? "\(link.name), which was deleted from the directory"
            return .stays(.left(value, at: holder.object, by: leaver, newcomer))
        }
        freeing.insert(holder.object.entraID)
        return .freed(by: link.name)
    }

    /// Whether an object in scope gives a value up.
    private func source(
        of value: UniqueValue,
        at holder: FoundObject,
        ownedBy object: ObjectReference,
        in transaction: Transaction
    ) throws -> ValueContest.Source {
        let title = try title(of: object, in: transaction)
        if let index = indices[object] {
            let plan = contested[index].plan
            guard plan.decision.entraID == holder.object.entraID, plan.releasedValues.contains(value) else {
                return .stays(.kept(value, by: title))
            }
            return .contender(index, name: title)
        }
        let isFreed = try transaction.plannedActions(of: run, object: object).contains { action in
            action.entraID == holder.object.entraID
                && action.releasedValues(known: holder.object.known).contains(value)
        }
        return isFreed ? .freed(by: title) : .stays(.kept(value, by: title))
    }

    /// The human-readable name of an object, with its key.
    private func title(of object: ObjectReference, in transaction: Transaction) throws -> String {
        let name =
            try object.user.map { try transaction.user($0)?.username }
            ?? object.group.map { try transaction.group($0)?.name }
        return "\((name ?? nil) ?? "") (\(object.kind.rawValue) \(object.id))"
    }
}

extension Outcome {
    /// No local object has it, but an Entra object that is not linked, or no longer.
    ///
    /// - Parameter owner: the former owner, in words; nil if there was none.
    fileprivate static func left(
        _ value: UniqueValue,
        at object: MirrorObject,
        by owner: String?,
        _ newcomer: PlannedObject
    ) -> Outcome {
        let kind = object.kind.rawValue
        let title = "\(newcomer.name) (\(newcomer.reference.kind.rawValue) \(newcomer.reference.id))"
        let api = "POST /api/v3/providers/microsoft_entra_\(kind)s/"
        guard let owner else {
            return Outcome(
                .failed,
                message: "\(value.phrase) is taken by \(object.title) in Entra, which is not linked.",
                remedy: "Link that object to \(title) manually (\(api)), or give one of the two another value.",
                attribute: value.property.rawValue,
                rule: .taken(value)
            )
        }
        return Outcome(
            .failed,
            message: """
                \(value.phrase) is still on \(object.title) in Entra, which belonged to \(owner), and which stays. Nothing says \
                that \(title) is the same.
                """,
            remedy: """
                If they are two, give \(newcomer.name) another value, or delete or rename that object in Entra. If they are the \
                same, link it to \(newcomer.name) by hand (\(api)), or state by which key they are the same (same_person_keys).
                """,
            attribute: value.property.rawValue,
            rule: .taken(value)
        )
    }
}
