import CausewayMapping
import CausewayModel
import CausewayProvisioning

/// Whether an expression compiles.
enum MappingSyntax {
    /// For mappings that no provider uses.
    static let standIn = EntraProvider(
        id: ProviderID(0),
        settings: ProviderSettings(name: "no provider", clientID: "none", tenantID: "none")
    )

    static func problems(in mapping: PropertyMapping, _ services: APIServices) async throws -> [MappingProblem] {
        try await MappingPool(
            set: MappingSet(kind: .user, mappings: [mapping], provider: standIn),
            types: services.runtime.types,
            environment: services.mappings,
            directory: EmptyDirectory()
        ).check()
    }
}
