import CausewayGraphTypes
import CausewayJSON
import CausewayMapping
import CausewayModel
import Foundation

/// A pool of workers over some expressions, shut down at the end.
struct MappingFixture {
    let pool: MappingPool

    static func with<Value>(
        _ expressions: [String],
        kind: ObjectKind = .user,
        directory: any DirectoryQueries = EmptyDirectory(),
        types: TypePolicy = .leaveOut,
        change: (inout MappingLimits) -> Void = { _ in },
        _ body: (MappingFixture) async throws -> Value
    ) async throws -> Value {
        var limits = MappingLimits()
        change(&limits)
        let mappings = expressions.enumerated().map { number, expression in
            PropertyMapping(name: "mapping \(number + 1)", expression: expression)
        }
        let pool = MappingPool(
            set: MappingSet(kind: kind, mappings),
            types: try GraphTypes.load(),
            environment: try MappingEnvironment.find(limits: limits, types: types),
            directory: directory
        )
        let fixture = MappingFixture(pool: pool)
        do {
            let value = try await body(fixture)
            await pool.shutdown()
            return value
        } catch {
            await pool.shutdown()
            throw error
        }
    }

    /// One object's outcome.
    func evaluate(_ input: MappingInput) async throws -> MappingOutcome {
        try await pool.evaluate([input])[0].outcome
    }

    /// The properties that an object gets; throws the problem if it gets none.
    func properties(_ input: MappingInput) async throws -> MappedProperties {
        switch try await evaluate(input) {
        case .desired(let properties): return properties
        case .failed(let problem): throw problem
        case .skipped: throw MappingProblem(mapping: "", message: "skipped", remedy: "")
        }
    }

    /// The problem that an object has.
    func problem(_ input: MappingInput = .user("ada")) async throws -> MappingProblem? {
        guard case .failed(let problem) = try await evaluate(input) else { return nil }
        return problem
    }
}

extension MappingInput {
    static func user(
        _ username: String,
        email: String? = nil,
        isActive: Bool = true,
        attributes: [String: JSONValue] = [:],
        groups: [Group] = [],
        known: [String: JSONValue]? = nil
    ) -> MappingInput {
        let user = User(
            id: UserID(7),
            uuid: UUID(),
            uid: String(repeating: "a1", count: 32),
            profile: UserProfile(
                username: username,
                name: "Ada Łovelace",
                email: email ?? "\(username)@example.com",
                isActive: isActive,
                attributes: attributes
            ),
            dateJoined: .now(),
            lastUpdated: .now()
        )
        return MappingInput(
            .user(user, groups: groups, allGroups: groups),
            link: known.map { link(.user, $0) }
        )
    }

    static func group(_ name: String) -> MappingInput {
        MappingInput(.group(Group(id: .random(), profile: GroupProfile(name: name)), parents: []), link: nil)
    }

    private static func link(_ kind: ObjectKind, _ known: [String: JSONValue]) -> ObjectLink {
        ObjectLink(provider: ProviderID(1), kind: kind, object: nil, entraID: EntraObjectID("e-1"), known: known)
    }
}

extension MappingSet {
    /// Mappings of a provider with the fewest settings.
    init(kind: ObjectKind, _ mappings: [PropertyMapping]) {
        let settings = ProviderSettings(name: "Entra", clientID: "client", tenantID: "tenant")
        self.init(kind: kind, mappings: mappings, provider: EntraProvider(id: ProviderID(1), settings: settings))
    }
}
