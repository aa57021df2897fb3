import CausewayDemo
import CausewayGraph
import CausewayJSON
import CausewayModel
import CausewayProvisioning
import CausewayStore
import Foundation

/// An invented directory in a database of its own, an emulated tenant in a process of its own, and the engine between them, for
/// measurements.
struct MeasuredEngine {
    let store: Store
    let runtime: ProvisioningRuntime
    let runs: RunCoordinator
    let provider: EntraProvider
    let tenant: TenantProcess
    private let transport: NetworkTransport

    /// - Parameters:
    ///   - users: how many people.
    ///   - circles: the number of further groups of each, in addition to a team and a department.
    ///   - circleCount: how many such groups there are; nil for one for every 35 people.
    ///   - database: the address of an empty PostgreSQL database; nil for a file of SQLite.
    ///   - prepare: changes what runs need, before the first of them.
    static func with<Value>(
        users: Int,
        circles: Int,
        circleCount: Int? = nil,
        database: String? = nil,
        prepare: (inout ProvisioningRuntime) -> Void = { _ in },
        _ body: (MeasuredEngine) async throws -> Value
    ) async throws -> Value {
        try await ScratchFolder.with(for: "measure") { folder in
            let sample = try SampleDirectory(count: users, circles: circles, circleCount: circleCount, folder: folder)
            var runtime = try ProvisioningRuntime.load(limits: nil, logger: .bench)
            prepare(&runtime)
            return try await with(sample, runtime, at: .measured(database, in: folder), body)
        }
    }

    private static func with<Value>(
        _ sample: SampleDirectory,
        _ runtime: ProvisioningRuntime,
        at place: DatabasePlace,
        _ body: (MeasuredEngine) async throws -> Value
    ) async throws -> Value {
        let tenant = try TenantProcess(domains: SampleDirectory.domains)
        defer { tenant.stop() }
        let store = try await Store.open(at: place, secrets: SecretBox(keyText: Secret(UUID().uuidString)))
        let transport = NetworkTransport()
        let result: Result<Value, any Error>
        do {
            try await sample.fill(store)
            let engine = MeasuredEngine(
                store: store,
                runtime: runtime,
                runs: RunCoordinator(store: store, runtime: runtime),
                provider: try await DemoProvider(tenant: tenant, showsFirstSync: false).create(in: store),
                tenant: tenant,
                transport: transport
            )
            result = .success(try await body(engine))
        } catch { result = .failure(error) }
        try await transport.shutdown()
        try store.close()
        return try result.get()
    }

    func control(_ method: String, _ path: String) async throws -> JSONValue {
        try await tenant.control(method, path, with: transport)
    }

    /// A full sync.
    ///
    /// - Parameter comparesEverything: whether it evaluates everything, or what can have changed.
    /// - Throws: ``BenchError`` if anything is left to do.
    func sync(comparesEverything: Bool = false) async throws -> Run {
        let instruction = RunInstruction(
            provider.id,
            trigger: .manual,
            mode: .apply,
            comparesEverything: comparesEverything
        )
        let run = try await runs.run(instruction)
        let undone = try await store.read { try $0.actionCounts(of: run.id) }.filter(\.status.isUnfinished)
            .reduce(0) { $0 + $1.count }
        guard run.status != .awaitingApproval, undone == 0 else {
            throw BenchError("A sync left \(undone) objects undone and ended as \(run.status.rawValue).")
        }
        return run
    }
}

extension DatabasePlace {
    /// Where a measurement stores what it needs.
    ///
    /// - Parameter database: the address of an empty PostgreSQL database; nil for a file of SQLite in the folder.
    static func measured(_ database: String?, in folder: URL) throws -> DatabasePlace {
        try database.map { .server(try PostgreSQLAddress(url: $0)) }
            ?? .file(folder.appending(path: "causeway.db").path)
    }
}
