import CausewayMapping
import CausewayModel
import CausewayProvisioning

/// The kind of object that each mapping is for. The library says it of its mappings, the linter of all others. What the linter said is
/// kept for each expression, so a list starts a worker only after an expression has changed.
actor MappingKinds {
    private var told: [String: ObjectKind?] = [:]

    private static let library: [String: ObjectKind] = Dictionary(
        MappingLibrary.all.map { ($0.mapping.expression, $0.kind) }
            + [(DefaultMappings.user.expression, .user), (DefaultMappings.group.expression, .group)],
        uniquingKeysWith: { $1 }
    )

    /// - Parameter mappings: all mappings; what is known of others is forgotten.
    /// - Returns: the kinds; without the mappings that may be for either kind, and those that the linter cannot read.
    func kinds(of mappings: [PropertyMapping], _ services: APIServices) async -> [MappingID: ObjectKind] {
        let own = mappings.filter { Self.library[$0.expression] == nil }
        let unknown = own.filter { told[$0.expression] == nil }
        if !unknown.isEmpty, let found = await Self.lint(unknown, services) {
            for mapping in unknown { told[mapping.expression] = .some(found[mapping.name]) }
        }
        let present = Set(own.map(\.expression))
        told = told.filter { present.contains($0.key) }
        return mappings.reduce(into: [:]) { kinds, mapping in
            let expression = mapping.expression
            if let kind = Self.library[expression] ?? told[expression].flatMap({ $0 }) { kinds[mapping.id] = kind }
        }
    }

    /// - Returns: nil if no worker can be started.
    private static func lint(_ mappings: [PropertyMapping], _ services: APIServices) async -> [String: ObjectKind]? {
        guard services.mappings.blockingReason == nil else { return nil }
        let set = MappingSet(kind: .user, mappings: mappings, provider: MappingSyntax.standIn)
        let lint = MappingLint(set: set, types: services.runtime.types, environment: services.mappings)
        return try? await lint.likelyKinds()
    }
}
