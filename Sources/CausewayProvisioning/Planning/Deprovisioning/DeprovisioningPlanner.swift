import CausewayModel
import CausewayStore

/// Plans what happens to Entra objects whose local object was deleted or left the scope.
struct DeprovisioningPlanner {
    let context: PlanningContext
    /// The Entra objects that the plan links: an account that another user takes over stays.
    let owners: [EntraObjectID: ObjectReference]
    /// The Entra objects whose deletion frees a value that the plan gives to another object.
    let freeing: Set<EntraObjectID>

    /// - Parameter write: receives the actions of a page of links.
    func run(_ write: ([Action]) async throws -> Void) async throws {
        for kind in ObjectKind.allCases { try await run(kind, write) }
    }

    private func run(_ kind: ObjectKind, _ write: ([Action]) async throws -> Void) async throws {
        let pages = context.store.pages(by: \.link.entraID) { [context] in
            try $0.linksOutOfScope(
                of: context.provider,
                kind: kind,
                among: context.selection.links,
                after: $1,
                limit: PlanningContext.pageSize
            )
        }
        for try await page in pages { try await write(page.compactMap { action(for: $0.link, $0.name) }) }
    }

    private func action(for link: ObjectLink, _ name: String) -> Action? {
        guard owners[link.entraID] == nil else { return nil }
        guard link.presence == .present else { return unlink(link, name) }
        let action = DeprovisioningPlan(settings: context.provider.settings).action(for: link, name: name)
        let isFreeing = action?.verb == .delete && freeing.contains(link.entraID)
        return isFreeing ? action?.with(phase: .releases) : action
    }

    /// Both ends are gone: only the link is left to end.
    private func unlink(_ link: ObjectLink, _ name: String) -> Action {
        Action(
            phase: .links,
            verb: .unlink,
            kind: link.kind,
            object: link.object,
            name: name,
            entraID: link.entraID,
            reason: .vanishedFromEntra
        )
    }
}
