import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayStore

/// A local object on its way through the stages of planning: read with its page of the scope, evaluated, looked for in the tenant if it
/// has no link, and decided about (``Decision``). A class, since it is large and every stage passes it on.
final class PlannedObject: Sendable {
    let local: any LocalObject
    // Read many times for each object, and costly to compute.
    let reference: ObjectReference
    let name: String
    /// The link that is stored, unless the Entra object is gone.
    let storedLink: ObjectLink?
    /// What the mappings returned and reported.
    let result: MappingResult
    /// The result of looking for it; nil if it was not looked for.
    let match: Match?
    /// The link to the Entra object that was found, in the tenant or in the recycle bin.
    let foundLink: ObjectLink?

    init(_ local: some LocalObject, result: MappingResult) {
        (self.local, self.result) = (local, result)
        (reference, name, storedLink) = (local.reference, local.name, local.presentLink)
        (match, foundLink) = (nil, nil)
    }

    private init(_ object: PlannedObject, _ result: MappingResult, _ match: Match?, _ foundLink: ObjectLink?) {
        (local, reference, name, storedLink) = (object.local, object.reference, object.name, object.storedLink)
        (self.result, self.match, self.foundLink) = (result, match, foundLink)
    }

    /// The same object, with the result of looking for it.
    func matched(_ match: Match, provider: ProviderID) -> PlannedObject {
        PlannedObject(self, result, match, newLink(match, provider))
    }

    /// The same object, evaluated again.
    func evaluated(_ result: MappingResult) -> PlannedObject { PlannedObject(self, result, match, foundLink) }

    /// The link that it has or gets; an object in the recycle bin has none before it is restored.
    var link: ObjectLink? { match?.inBin == nil ? storedLink ?? foundLink : nil }

    /// The mappings get the link to what was found as if it were made.
    var input: MappingInput { MappingInput(local.subject, link: storedLink ?? foundLink) }

    /// The keys by which to look for it; nil if it has a link, or if the mappings return nothing.
    func searchKeys(_ rules: MatchRules) -> SearchKeys? {
        guard storedLink == nil, case .desired(let desired) = result.outcome else { return nil }
        return local.searchKeys(rules, desired: desired.properties)
    }

    private func newLink(_ match: Match, _ provider: ProviderID) -> ObjectLink? {
        switch match {
        case .one(let found, _): newLink(to: found.object, provider, asksFirst: found.asksFirst)
        case .deleted(let entra): newLink(to: entra, provider, asksFirst: false)
        case .none, .conflict: nil
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
