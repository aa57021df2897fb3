import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore

/// A local object on its way through the stages of planning: read with its page of the scope, evaluated, looked for in the tenant if it
/// has no link, and decided about (``Decision``).
struct PlannedObject: Sendable {
    let local: any LocalObject
    // Read many times for each object, and costly to compute.
    let reference: ObjectReference
    let name: String
    /// The link that is stored, unless the Entra object is gone.
    let storedLink: ObjectLink?
    /// What the mappings returned and reported.
    var result: MappingResult
    /// The result of looking for it; nil if it was not looked for.
    private(set) var match: Match?
    /// The link to the Entra object that was found, in the tenant or in the recycle bin.
    private(set) var foundLink: ObjectLink?

    init(_ local: some LocalObject, result: MappingResult) {
        (self.local, self.result) = (local, result)
        (reference, name, storedLink) = (local.reference, local.name, local.presentLink)
    }

    /// The link that it has or gets; an object in the recycle bin has none before it is restored.
    var link: ObjectLink? { match?.inBin == nil ? storedLink ?? foundLink : nil }

    /// The mappings get the link to what was found as if it were made.
    var input: MappingInput { MappingInput(local.subject, link: storedLink ?? foundLink) }

    /// The keys by which to look for it; nil if it has a link, or if the mappings return nothing.
    func searchKeys(_ rules: MatchRules) -> SearchKeys? {
        guard storedLink == nil, case .desired(let desired) = result.outcome else { return nil }
        return local.searchKeys(rules, desired: desired.properties)
    }

    /// Adds the result of looking for it.
    mutating func take(_ match: Match, provider: ProviderID) {
        self.match = match
        switch match {
        case .one(let found, _): foundLink = newLink(to: found.object, provider, asksFirst: found.asksFirst)
        case .deleted(let entra): foundLink = newLink(to: entra, provider, asksFirst: false)
        case .none, .conflict: break
        }
    }

    private func newLink(to entra: MirrorObject, _ provider: ProviderID, asksFirst: Bool) -> ObjectLink {
        ObjectLink(
            provider: provider,
            kind: reference.kind,
            object: reference,
            entraID: entra.entraID,
            known: entra.known,
            isSuspended: entra.isSuspended,
            asksFirst: asksFirst
        )
    }
}
