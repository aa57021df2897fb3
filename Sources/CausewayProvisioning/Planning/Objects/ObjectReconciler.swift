import CausewayGraphTypes
import CausewayJSON
import CausewayModel
import CausewayStore

/// Computes the actions that make an Entra object what was decided. Pure.
struct ObjectReconciler {
    private let types: GraphTypes
    private let resolver: DriftResolver
    private let writability: Writability

    init(_ kind: ObjectKind, in context: PlanningContext) {
        types = context.types
        resolver = context.driftResolver(kind)
        writability = Writability(kind: kind, types: context.types)
    }

    /// - Parameters:
    ///   - findings: what is stored about the Entra objects that stay linked.
    ///   - manager: the user that the mappings name as manager; nil if they name none, and for groups.
    func plan(
        _ object: PlannedObject,
        _ decision: Decision,
        findings: RecordedFindings,
        manager: Manager?
    ) -> ObjectPlan {
        let drifts = findings.drifts(of: decision.keptID)
        let sieve = WritableChanges(writability: writability, refusals: findings.refusals(of: decision.keptID))
        var actions = actions(for: object.local, object, decision, drifts, sieve)
        if let manager { add(manager, to: &actions, object, decision, drifts, sieve) }
        return ObjectPlan(
            object: object,
            decision: decision,
            actions: actions,
            isOwnManager: manager?.user.map { ObjectReference($0) } == object.reference
        )
    }

    private func actions(
        for local: some LocalObject,
        _ object: PlannedObject,
        _ decision: Decision,
        _ drifts: [Drift],
        _ sieve: WritableChanges
    ) -> ObjectActions {
        let plan = plan(of: local)
        switch decision {
        case .leaveAlone(let reason, let outcome, _): return ObjectActions(reporting: object, reason, outcome)
        case .create(let desired, let reason):
            return ObjectActions([plan.creation(of: local.record, desired: desired, reason: reason)])
        case .restore(let entra, let desired, let reason):
            let restoration = plan.restoration(
                of: local.record,
                desired: desired,
                from: entra,
                reason: reason,
                sieve: sieve
            )
            var actions = ObjectActions(restoration.actions)
            actions.add(restoration.sifted, about: object, at: entra.entraID)
            return actions
        case .keep(let link, let key, let desired):
            let changes = plan.changes(
                of: local.record,
                desired: desired,
                link: link,
                resolver: resolver,
                drifts: drifts.filter { $0.isOfAttributes(named: desired) },
                sieve: sieve
            )
            var actions = ObjectActions(linking: object, to: link.entraID, by: key)
            actions.add(FirstLinkRule.separate(changes.actions, at: link))
            actions.add(changes.driftUpdates)
            actions.add(changes.sifted, about: object, at: link.entraID)
            return actions
        }
    }

    private func plan<Local: LocalObject>(of local: Local) -> Local.Plan { Local.Plan(types: types) }

    /// Adds the link to the manager, unless someone else changed it and the policy leaves it alone.
    private func add(
        _ manager: Manager,
        to actions: inout ObjectActions,
        _ object: PlannedObject,
        _ decision: Decision,
        _ drifts: [Drift],
        _ sieve: WritableChanges
    ) {
        let plan = ManagerPlan(
            user: object.reference,
            name: object.name,
            manager: manager,
            known: decision.known?["manager"]?.string,
            entraID: decision.entraID
        )
        let line = plan.action()
        if let id = decision.keptID {
            let changes = line?.action.changes ?? []
            let sifted = sieve.sift(changes, of: decision.known ?? [:], attributes: ["manager"])
            actions.add(sifted, about: object, at: id)
            if sifted.send.isEmpty, !changes.isEmpty { return }
        }
        guard let line else { return }
        let drift = drifts.filter { $0.attribute == "manager" }
        let resolution = resolver.resolve(line.action.changes, desired: ["manager": .null], drifts: drift)
        actions.add(resolution.updates)
        if !resolution.send.isEmpty || line.outcome.status != .planned { actions.add(line) }
    }
}

extension Drift {
    /// Whether it is about what is written with the object's attributes: never members, nor a manager that the mappings name.
    fileprivate func isOfAttributes(named desired: DesiredObject) -> Bool {
        member == nil && (attribute != "manager" || desired.manager == nil)
    }
}
