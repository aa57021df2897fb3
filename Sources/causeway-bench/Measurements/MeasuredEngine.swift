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
    ///   - database: the address of an empty PostgreSQL database; nil for a file of SQLite.
    static func with<Value>(
        users: Int,
        circles: Int,
        database: String? = nil,
        _ body: (MeasuredEngine) async throws -> Value
    ) async throws -> Value {
        try await ScratchFolder.with(for: "measure") { folder in
            try await with(users: users, circles: circles, database: database, in: folder, body)
        }
    }

    private static func with<Value>(
        users: Int,
        circles: Int,
        database: String?,
        in folder: URL,
        _ body: (MeasuredEngine) async throws -> Value
    ) async throws -> Value {
        let tenant = try TenantProcess(domains: SampleDirectory.domains)
        defer { tenant.stop() }
        let store = try await Store.open(
            at: .measured(database, in: folder),
            secrets: SecretBox(keyText: Secret(UUID().uuidString))
        )
        let transport = NetworkTransport()
        let result: Result<Value, any Error>
        do {
            try await SampleDirectory(count: users, circles: circles, folder: folder).fill(store)
            let runtime = try ProvisioningRuntime.load(limits: nil, logger: .bench)
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
