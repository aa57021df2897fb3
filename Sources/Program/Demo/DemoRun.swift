import CausewayDemo
import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import Foundation

/// The steps of the demonstration.
struct DemoRun {
    let store: Store
    let runtime: ProvisioningRuntime
    let tenant: TenantProcess
    let output: Output
    let folder: URL
    let people: Int
    let circles: Int

    /// Runs all steps.
    ///
    /// - Returns: the result of the comparison at the end.
    func play() async throws -> TenantComparison.Result {
        let transport = NetworkTransport()
        do {
            let result = try await play(transport)
            try await transport.shutdown()
            return result
        } catch {
            try? await transport.shutdown()
            throw error
        }
    }

    private func play(_ transport: NetworkTransport) async throws -> TenantComparison.Result {
        let clock = ContinuousClock()
        let began = clock.now
        say("An emulated Entra tenant is running at \(tenant.text("graph_endpoint")).")
        // As in every server, so that providers can be created with them.
        try await ManagedMappings(store: store).install()
        try await importPeople()
        let provider = try await DemoProvider(tenant: tenant).create(in: store)
        try await fillTenant(transport)
        let planned = try await run(provider, .planOnly, "The plan")
        let bound = try await WriteBound.count(planned.run.id, in: store)
        _ = try await tenant.control("POST", "reset-counters", with: transport)
        say(
            "\nThe first sync of a provider waits until a person has reviewed its plan. Here the demonstration approves it."
        )
        let first = try await run(provider, .apply, "The first sync")
        try await approve(first, provider)
        let writes = try await tenant.control("GET", "requests", with: transport)["writes"]?.integer ?? 0
        _ = try await tenant.control("POST", "reset-counters", with: transport)
        let second = try await run(provider, .apply, "The second sync")
        let again = try await tenant.control("GET", "requests", with: transport)["writes"]?.integer ?? 0
        say("It sent \(again) writes.\n")
        let comparison = try await TenantComparison(store: store, runtime: runtime).run(provider)
        report(comparison)
        say(
            "Writes of the first sync: \(writes); the fewest possible: \(bound). All of it took \(ProgressText.clockText((clock.now - began).seconds))."
        )
        if output.isJSON {
            output.print([
                "plan": planned.json, "first_sync": first.json, "second_sync": second.json, "writes": .integer(writes),
                "fewest_writes": .integer(Int64(bound)), "second_sync_writes": .integer(again),
                "seconds": .number((clock.now - began).seconds), "differences": JSONValue(comparison.differences),
            ])
        }
        return comparison
    }

    private func say(_ text: String) { if !output.isJSON { output.print(text) } }

    private func importPeople() async throws {
        let sample = try SampleDirectory(count: people, circles: circles, folder: folder)
        let progress = Output.progress
        let report = try await sample.fill(store) { progress.show("Reading lines", done: $0, total: nil) }
        progress.finish()
        say("\nThe directory, imported from \(sample.people):")
        if !output.isJSON { output.print(report) }
    }

    private func fillTenant(_ transport: NetworkTransport) async throws {
        let users = try await store.read { try $0.users(after: nil, limit: 1000) }
        _ = try await tenant.control("POST", "seed", DemoTenantContent.json(for: users), with: transport)
        let state = try await tenant.control("GET", "state", with: transport)
        say(
            "\nThe tenant already holds \(state["users"]?.text ?? "") users and \(state["groups"]?.text ?? "") groups; "
                + "some belong to people of the directory."
        )
    }

    /// Approves the changes of first links: names that the tenant's own accounts had before.
    private func approve(_ first: RunSummary, _ provider: EntraProvider) async throws {
        guard first.run.status == .awaitingApproval else { return }
        say(
            "\nNames that were in the tenant before change only with approval. The demonstration approves this, too."
        )
        try await Approvals(store: store).approve(
            first.run.id,
            by: EventOrigin(actor: "the demonstration", channel: .commandLine)
        )
        _ = try await run(provider, .apply, "The approved changes", trigger: .approval)
    }

    private func run(
        _ provider: EntraProvider,
        _ mode: RunMode,
        _ title: String,
        trigger: RunTrigger = .manual
    ) async throws -> RunSummary {
        let progress = Output.progress
        let began = ContinuousClock.now
        let instruction = RunInstruction(provider.id, trigger: mode == .planOnly ? .preview : trigger, mode: mode)
        let run = try await RunCoordinator(store: store, runtime: runtime).run(instruction, progress: progress.observer)
        progress.finish()
        let summary = try await RunSummary.load(run.id, from: store)
        say("\n\(title), in \(ProgressText.clockText((ContinuousClock.now - began).seconds)):")
        if !output.isJSON { output.print(summary) }
        return summary
    }

    private func report(_ comparison: TenantComparison.Result) {
        guard comparison.differences.isEmpty else {
            say("The tenant differs from the directory:")
            for difference in comparison.differences.prefix(20) { say("  \(difference)") }
            return
        }
        say(
            "Compared through Graph: \(comparison.users) users, \(comparison.groups) groups and \(comparison.memberships) "
                + "memberships match the directory exactly."
        )
    }
}
