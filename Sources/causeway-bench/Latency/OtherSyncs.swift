import CausewayDemo
import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore

/// Full syncs of another provider with a tenant of its own: the first one, and then one of everything after the other, until its task
/// is canceled.
struct OtherSyncs {
    let store: Store
    let runs: RunCoordinator

    /// - Returns: what it has done.
    func run() async throws -> [String: JSONValue] {
        let tenant = try TenantProcess(domains: SampleDirectory.domains)
        defer { tenant.stop() }
        let provider = try await DemoProvider(tenant: tenant, name: "Other", showsFirstSync: false).create(
            in: store
        )
        let instruction = RunInstruction(provider.id, trigger: .manual, mode: .apply, comparesEverything: true)
        var ended = 0
        do {
            while !Task.isCancelled {
                _ = try await runs.run(instruction)
                ended += 1
            }
        } catch  where Task.isCancelled {}
        return ["full_syncs_ended": .integer(Int64(ended))]
    }
}
