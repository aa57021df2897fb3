import CausewayModel
import CausewayStore

/// Puts a plan together from the plans of single objects, and writes it to the store. Owned by the one task that plans.
final class PlanBuilder {
    private let context: PlanningContext
    /// The links that the plan makes.
    private(set) var links = PlannedLinks()
    /// Objects that the mappings skip.
    private(set) var skipped = SkippedObjects()
    /// Groups to create; each creation is written with the group's first members.
    private(set) var creations: [GroupID: GroupCreation] = [:]
    /// The failures of mappings.
    private(set) var failures = MappingFailures()
    /// Objects whose mappings depend on more than what is recorded as changed.
    private var dependents = DependentObjects()
    /// What the mappings reported.
    private var notes: MappingNotesCollector
    private var records = PlanRecords()
    private var values: ValueResolver
    private var writer: ActionWriter

    init(_ context: PlanningContext) {
        self.context = context
        notes = MappingNotesCollector(provider: context.provider, logger: context.logger)
        values = ValueResolver(context)
        writer = ActionWriter(store: context.store, run: context.run)
    }

    /// The destructive part of the actions so far.
    var destructive: DestructiveChanges { writer.destructive }

    // MARK: Objects

    /// Adds the plans of a page of objects. Objects that want a contested value wait for ``resolveValues()``.
    func add(_ plans: [ObjectPlan]) async throws {
        record(plans)
        for plan in try await values.admit(plans) { try await write(plan) }
    }

    /// Adds everything of the plans except their actions.
    func record(_ plans: [ObjectPlan]) {
        for plan in plans {
            if let desired = plan.decision.desired { records.manage(desired, plan.object.reference.kind) }
            links.add(plan.decision, of: plan.object.reference)
            skipped.add(plan)
            notes.take(plan.object)
            dependents.take(plan.object)
            failures.take(plan.object)
        }
    }

    /// Decides which objects get contested values, after all objects were planned, and writes their actions.
    func resolveValues() async throws -> ValueResolver.Resolution {
        let resolution = try await resolution()
        for plan in resolution.plans { try await write(plan) }
        return resolution
    }

    /// The plan of one object alone, given who has its desired values; nothing is written.
    func resolved(_ plan: ObjectPlan) async throws -> ObjectPlan {
        record([plan])
        if let admitted = try await values.admit([plan]).first { return admitted }
        return try await resolution().plans.first ?? plan
    }

    private func resolution() async throws -> ValueResolver.Resolution {
        guard values.hasContested else { return ValueResolver.Resolution() }
        // What the others give up is read from the store.
        try await writer.flush()
        let resolution = try await values.resolve(owners: links.owners)
        links.remove(resolution.void)
        return resolution
    }

    // MARK: Actions

    private func write(_ plan: ObjectPlan) async throws {
        if let (group, creation) = plan.groupCreation {
            creations[group] = creation
        } else {
            try await write(plan.actions)
        }
    }

    /// Writes the actions on an object.
    func write(_ actions: ObjectActions) async throws {
        records.add(actions.driftUpdates)
        records.add(actions.obsolete)
        notes.log(actions.notes)
        for line in actions.lines { try await writer.add(line.action, line.outcome) }
    }

    func write(_ actions: [Action]) async throws { try await writer.add(actions) }

    /// Writes an action whose outcome is known already.
    func write(_ action: Action, _ outcome: Outcome) async throws { try await writer.add(action, outcome) }

    func record(_ updates: [DriftUpdate]) { records.add(updates) }

    func record(_ obsolete: [ObsoleteRefusal]) { records.add(obsolete) }

    /// Writes what is not written yet.
    func finish() async throws { try await writer.flush() }

    // MARK: Records

    /// Records, before the actions are applied, what was decided in addition to them.
    func commit() async throws {
        let (provider, isWhole) = (context.provider, context.selection.isEverything)
        let (records, newlySkipped, dependents) = (records, skipped.newlySkipped, dependents)
        let events = notes.events + failures.events(of: provider)
        try await context.store.write { transaction in
            for event in events { try event.save(in: transaction) }
            try records.save(of: provider.id, isWhole: isWhole, in: transaction)
            try dependents.save(of: provider.id, in: transaction)
            for id in newlySkipped { try transaction.setSkipped(true, at: id, provider: provider.id) }
        }
    }

    /// Records which groups are no longer skipped. This happens once the plan is applied, so that after an interrupted run the next one
    /// reads the members of such groups again.
    func conclude() async throws {
        let (ids, provider) = (Array(skipped.noLongerSkipped.values), context.provider.id)
        guard !ids.isEmpty else { return }
        try await context.store.write { transaction in
            for id in ids { try transaction.setSkipped(false, at: id, provider: provider) }
        }
    }
}
