import CausewayGraph
import CausewayImport
import CausewayJSON
import CausewayMapping
import CausewayModel
import CausewayProvisioning
import CausewayStore
import Foundation

/// The demonstration itself, act by act.
struct DemoStage {
    let store: Store
    let runtime: ProvisioningRuntime
    let tenant: TenantProcess
    let output: Output
    let folder: URL
    let people: Int
    let circles: Int

    static let providerName = "Entra ID"

    /// Plays all acts.
    ///
    /// - Returns: what the comparison at the end came to.
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
        try await importPeople()
        let provider = try await makeProvider()
        try await fillTenant(transport)
        let planned = try await run(provider, .planOnly, "The plan")
        let bound = try await writeBound(planned, provider)
        _ = try await tenant.control("POST", "reset-counters", with: transport)
        let first = try await run(provider, .apply, "The first sync")
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
        let work = DirectoryImport(users: sample.people, groups: sample.groups)
        let report = try await work.run(in: store) { progress.show("Reading lines", done: $0, total: nil) }
        progress.finish()
        say("\nThe directory, imported from \(sample.people):")
        if !output.isJSON { output.print(report) }
        guard report.problemCount == 0 else { throw UserError("The sample has lines that cannot be imported.") }
    }

    /// The application and the provider, with the expression for email-verified users as user mapping.
    private func makeProvider() async throws -> EntraProvider {
        var settings = ProviderSettings(
            name: Self.providerName,
            clientID: tenant.text("client_id"),
            tenantID: tenant.text("tenant_id")
        )
        settings.cloud = .custom
        settings.loginEndpoint = tenant.text("login_endpoint")
        settings.graphEndpoint = tenant.text("graph_endpoint")
        let draft = settings
        return try await store.write { transaction -> EntraProvider in
            let mapping = DefaultMappings.emailVerifiedUsers
            try transaction.saveMapping(mapping)
            var settings = draft
            settings.userMappings = [mapping.id]
            settings.groupMappings = [try DefaultMappings.group.stored(in: transaction)]
            let provider = try transaction.createProvider(settings, clientSecret: Secret("emulated-secret-value"))
            try transaction.saveApplication(
                Application(name: "Entra ID", slug: "entra-id", backchannelProviders: [provider.id])
            )
            return try transaction.provider(provider.id) ?? provider
        }
    }

    private func fillTenant(_ transport: NetworkTransport) async throws {
        let users = try await store.read { try $0.users(after: nil, limit: 1000) }
        _ = try await tenant.control("POST", "seed", DemoTenantContent.json(for: users), with: transport)
        let state = try await tenant.control("GET", "state", with: transport)
        say(
            "\nThe tenant already holds \(state["users"]?.text ?? "") users and \(state["groups"]?.text ?? "") groups, some of them ours."
        )
    }

    private func run(_ provider: EntraProvider, _ mode: Provisioner.Mode, _ title: String) async throws -> RunSummary {
        let progress = Output.progress
        let began = ContinuousClock.now
        let provisioner = Provisioner(store: store, runtime: runtime)
        let run =
            mode == .planOnly
            ? try await provisioner.run(provider, trigger: .preview, mode: mode, progress: progress.observer)
            : try await RunSupervisor(store: store, provisioner: provisioner)
                .run(provider.id, trigger: .manual, mode: mode, progress: progress.observer)
        progress.finish()
        let summary = try await RunSummary.load(run.id, from: store)
        say("\n\(title), in \(ProgressText.clockText((ContinuousClock.now - began).seconds)):")
        if !output.isJSON { output.print(summary) }
        return summary
    }

    /// The fewest writes that can do it: one for each object created or changed, and one for every twenty members of a group
    /// beyond the twenty that travel in its creation. The members are counted in the directory, not in the plan.
    private func writeBound(_ plan: RunSummary, _ provider: EntraProvider) async throws -> Int {
        let objects = plan.counts.filter { [.create, .update, .suspend, .reactivate].contains($0.verb) }
            .reduce(0) { $0 + $1.count }
        return try await store.read { transaction in
            let new = try transaction.actions(of: plan.run.id, after: 0, limit: .max)
                .filter { $0.action.verb == .create && $0.action.kind == .group }.compactMap(\.action.object)
            return try transaction.groups(after: nil, limit: .max).reduce(objects) { sum, group in
                let members = try transaction.members(of: group.id).count + transaction.children(of: group.id).count
                let carried = new.contains(ObjectReference(group.id)) ? GroupWrites.perRequest : 0
                return sum + (max(0, members - carried) + GroupWrites.perRequest - 1) / GroupWrites.perRequest
            }
        }
    }

    private func report(_ comparison: TenantComparison.Result) {
        guard comparison.differences.isEmpty else {
            say("The tenant differs from the directory:")
            for difference in comparison.differences.prefix(20) { say("  \(difference)") }
            return
        }
        say(
            "Compared through Graph: \(comparison.users) users, \(comparison.groups) groups and \(comparison.memberships) "
                + "memberships are exactly what the directory says."
        )
    }
}

/// How many members Graph takes in one request.
private enum GroupWrites {
    static let perRequest = 20
}
