package import CausewayMapping
package import CausewayModel
package import CausewayStore

/// Previews mappings on a user or a group, with the code that syncs use to evaluate and plan; nothing is sent and nothing
/// is stored.
package struct MappingPreview: Sendable {
    /// The link that the preview assumes.
    package enum Link: String, Sendable, CaseIterable {
        /// The link as it is.
        case present
        /// None: the object is not in Entra yet.
        case new
        /// The link as it is; if there is none, one to an account that these mappings made.
        case linked
    }

    private let store: Store
    private let runtime: ProvisioningRuntime

    package init(store: Store, runtime: ProvisioningRuntime) { (self.store, self.runtime) = (store, runtime) }

    /// - Parameters:
    ///   - mappings: instead of the provider's own; nil for those.
    ///   - mappingContext: what they are given in addition to the object.
    /// - Throws: ``ProvisioningError`` if the mappings cannot be evaluated at all, ``StoreError`` if there is no such object.
    package func run(
        on object: ObjectReference,
        at provider: EntraProvider,
        mappings: [PropertyMapping]? = nil,
        link: Link = .present,
        mappingContext: MappingSet.MappingContext = .init()
    ) async throws -> PreviewResult {
        let own = mappings.map { [object.kind: $0] } ?? [:]
        let results = try await run(
            on: [object],
            at: provider,
            mappings: own,
            link: link,
            mappingContext: mappingContext
        )
        guard let result = results.first else { throw StoreError.notFound(object.kind.rawValue, object.id) }
        return result
    }

    /// The same on several in turn, as many as there is time for: a mapping that never ends would take its own limit
    /// for each.
    ///
    /// - Parameter mappings: instead of the provider's own, by kind.
    package func run(
        on objects: [ObjectReference],
        at provider: EntraProvider,
        mappings: [ObjectKind: [PropertyMapping]],
        link: Link = .present,
        mappingContext: MappingSet.MappingContext = .init(),
        timeLimit: Duration = .seconds(20)
    ) async throws -> [PreviewResult] {
        try await SessionOpener(store: store, runtime: runtime).openOffline(
            provider,
            mappings: mappings,
            mappingContext: mappingContext
        ) { session in
            if let first = objects.first {
                // A worker starts with the first evaluation, which is not the mapping's fault.
                _ = try await plan(first, link == .linked ? .new : link, session)
            }
            let end = ContinuousClock.now + timeLimit
            var results: [PreviewResult] = []
            for object in objects where results.isEmpty || ContinuousClock.now < end {
                try Task.checkCancellation()
                results.append(try await result(of: object, link, session))
            }
            return results
        }
    }

    /// Evaluates mappings with a blank user: there is no user to plan for.
    ///
    /// - Throws: ``ProvisioningError`` if they cannot be evaluated at all.
    package func runOnNobody(
        at provider: EntraProvider,
        mappings: [PropertyMapping],
        mappingContext: MappingSet.MappingContext
    ) async throws -> MappingResult {
        try await SessionOpener(store: store, runtime: runtime).openOffline(
            provider,
            mappings: [.user: mappings],
            mappingContext: mappingContext
        ) { session in
            try await session.users.evaluate([MappingInput(.nobody, link: nil)])[0]
        }
    }

    private func result(of object: ObjectReference, _ link: Link, _ session: SyncSession) async throws -> PreviewResult
    {
        let provider = session.provider
        let scope = try await store.read { try ScopeExplainer(provider: provider).explain(object, in: $0) }
        let began = ContinuousClock.now
        let plan = try await plan(object, link, session)
        return PreviewResult(
            object: object,
            name: plan.object.name,
            scope: scope,
            plan: plan,
            duration: ContinuousClock.now - began,
            types: session.types
        )
    }

    private func plan(_ object: ObjectReference, _ link: Link, _ session: SyncSession) async throws -> ObjectPlan {
        let provider = session.provider.id
        var stored = try await session.store.read { try $0.link(of: object, provider: provider) }
        if link == .new { stored = nil }
        if link == .linked, stored == nil { stored = try await imagined(object, session) }
        return try await SingleObjectPlanner(session: session, findsMatches: link == .present)
            .plan(object, linked: stored)
    }

    /// A link to an account that has just what the mappings give a new one.
    private func imagined(_ object: ObjectReference, _ session: SyncSession) async throws -> ObjectLink {
        var known = try await plan(object, .new, session).decision.desired?.properties ?? [:]
        known["passwordProfile"] = nil
        return ObjectLink(
            provider: session.provider.id,
            kind: object.kind,
            object: object,
            entraID: EntraObjectID("00000000-0000-0000-0000-000000000000"),
            known: known
        )
    }
}
