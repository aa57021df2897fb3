import ArgumentParser
import CausewayProvisioning
import CausewayStore
import Foundation
import Logging

/// Options that every command with a data folder takes.
struct DataOptions: ParsableArguments {
    @Option(help: "The folder with the database, the secret key and causeway.yaml.")
    var data: String?

    @Option(help: "A PostgreSQL database instead: postgres://USER@HOST/DATABASE.")
    var database: String?

    /// The settings, overridden by these flags.
    ///
    /// - Throws: ``UserError`` for an invalid value of a setting, whether this command uses it or not.
    func settings(listen: String? = nil) throws -> Settings {
        let settings = try Settings(
            flags: ["data": data, "database": database, "listen": listen],
            environment: ProcessInfo.processInfo.environment
        )
        try settings.validate()
        return settings
    }

    /// What runs need in addition to the store.
    func runtime() throws -> ProvisioningRuntime {
        let settings = try settings()
        return try .load(mappings: settings.mappingHost(), network: settings.network(), logger: .program)
    }

    /// Opens the store, runs the work and closes the store, whatever happens.
    func withStore<Value>(_ work: (Store) async throws -> Value) async throws -> Value {
        let store = try await settings().openStore()
        do {
            let value = try await work(store)
            try store.close()
            return value
        } catch {
            try? store.close()
            throw error
        }
    }
}
