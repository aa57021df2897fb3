import CausewayJSON
import CausewayMapping
import CausewayModel
import Foundation
import Testing

@Suite("The library of mappings")
struct LibraryTests {
    @Test("every case returns the expected properties")
    func cases() async throws {
        let cases = try LibraryCase.all()
        #expect(Set(cases.map(\.mapping)) == Set(MappingLibrary.all.map(LibraryCase.key)))
        // One pool for all cases that share an expression and a directory.
        for (source, cases) in Dictionary(grouping: cases, by: \.source) {
            let entry = try #require(MappingLibrary.all.first { LibraryCase.key($0) == source.mapping })
            // A mapping may add nothing, which is a fault if it is the only mapping.
            let beside = entry.kind == .user ? #"return {"street_address": "beside"}"# : #"return {"theme": "Blue"}"#
            try await MappingFixture.with(
                [cases[0].adapted(entry.mapping.expression), beside],
                kind: entry.kind,
                directory: cases[0].directory
            ) { fixture in
                for (one, result) in zip(cases, try await fixture.pool.evaluate(cases.map(\.input))) {
                    #expect(one.met(by: result.outcome), "\(one.mapping), \(one.title): \(result.outcome)")
                }
            }
        }
    }

    @Test("a mapping that changed has a new revision: an older program would put the former text back")
    func revision() {
        let texts = MappingLibrary.managed.map { "\($0.managed ?? "")\n\($0.name)\n\($0.expression)" }
        // FNV-1a
        let sum = texts.sorted().joined(separator: "\n").utf8.reduce(14_695_981_039_346_656_037 as UInt64) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        #expect(
            "\(MappingLibrary.revision) \(String(sum, radix: 16))" == "1 394521970ae423a6",
            "raise MappingLibrary.revision, and write both here"
        )
    }

    @Test("every mapping has a unique name, a kind and a description")
    func headers() {
        #expect(MappingLibrary.all.count == 16)
        #expect(Set(MappingLibrary.managed.map(\.name)).count == MappingLibrary.managed.count)
        for entry in MappingLibrary.all {
            #expect(entry.about.hasSuffix("."), "\(entry.about)")
            #expect(entry.mapping.managed?.hasPrefix("causeway/library/") == true)
        }
    }
}

/// The properties that one mapping returns for one object.
private struct LibraryCase {
    private let json: JSONValue

    static func all() throws -> [LibraryCase] {
        let file = Bundle.module.bundleURL.appending(path: "Resources/library-cases.json")
        let json = try JSONValue(parsing: Array(Data(contentsOf: file)))
        return try #require(json.array).map(LibraryCase.init)
    }

    static func key(_ entry: LibraryMapping) -> String {
        String(entry.mapping.managed?.split(separator: "/").last ?? "")
    }

    /// What several cases share.
    struct Source: Hashable {
        let mapping: String
        let adapted: JSONValue?
        let directory: JSONValue?
    }

    var source: Source { Source(mapping: mapping, adapted: json["adapt"], directory: json["directory"]) }
    var mapping: String { json["mapping"]?.string ?? "" }
    var title: String { json["title"]?.string ?? "" }
    var kind: ObjectKind { json["user"] == nil ? .group : .user }

    /// The expression after an administrator adapted it.
    func adapted(_ expression: String) -> String {
        (json["adapt"]?.object ?? [:]).reduce(expression) { text, change in
            text.replacingOccurrences(of: change.key, with: change.value.string ?? "")
        }
    }

    var directory: FewUsers {
        FewUsers(
            all: (json["directory"]?.array ?? []).map { user in
                LibraryCase.user(user, key: user["pk"]?.integer ?? 0)
            }
        )
    }

    var input: MappingInput {
        let known = (json["known"]?.object).map {
            ObjectLink(provider: ProviderID(1), kind: kind, object: nil, entraID: EntraObjectID("e-1"), known: $0)
        }
        if let user = json["user"] {
            let groups = (user["groups"]?.array ?? []).map(Self.group)
            return MappingInput(
                .user(Self.user(user, key: 7), groups: groups, allGroups: groups),
                link: known
            )
        }
        let group = json["group"] ?? .null
        let parents = (group["parents"]?.array ?? []).map { Self.group(["name": $0]) }
        return MappingInput(.group(Self.group(group), parents: parents), link: known)
    }

    func met(by outcome: MappingOutcome) -> Bool {
        switch outcome {
        case .skipped: return json["expect"] == "skip"
        case .failed: return false
        case .desired(let made):
            var wanted = json["expect"]?.object ?? [:]
            let manager = wanted.removeValue(forKey: "manager")
            wanted[kind == .user ? "streetAddress" : "theme"] = kind == .user ? "beside" : "Blue"
            return json["expect"]?.object != nil && made.properties == wanted && isManager(made.manager, manager)
        }
    }

    private func isManager(_ found: ManagerReference?, _ wanted: JSONValue?) -> Bool {
        switch (found, wanted) {
        case (nil, nil): true
        case (.nobody, .null): true
        case (.key(let key), .string(let name)): directory.all.contains { $0.id == key && $0.username == name }
        default: false
        }
    }

    private static func user(_ json: JSONValue, key: Int64) -> User {
        User(
            id: UserID(key),
            uuid: UUID(),
            uid: String(repeating: "a1", count: 32),
            profile: UserProfile(
                username: json["username"]?.string ?? "",
                name: json["name"]?.string ?? "",
                email: json["email"]?.string ?? "",
                isActive: json["is_active"] != false,
                type: json["type"]?.string.flatMap(UserType.init(rawValue:)) ?? .internal,
                path: json["path"]?.string ?? "users",
                attributes: json["attributes"]?.object ?? [:]
            ),
            dateJoined: .now(),
            lastUpdated: .now()
        )
    }

    private static func group(_ json: JSONValue) -> Group {
        let profile = GroupProfile(name: json["name"]?.string ?? "", attributes: json["attributes"]?.object ?? [:])
        return Group(id: json["pk"]?.string.flatMap(GroupID.init(text:)) ?? .random(), profile: profile)
    }
}

/// A directory of a few users without groups.
struct FewUsers: DirectoryQueries {
    let all: [User]

    func users(after last: UserID?) async throws -> [User] { all.filter { $0.id.rawValue > (last?.rawValue ?? 0) } }

    func users(with value: JSONValue, at path: [String], after last: UserID?) async throws -> [User] {
        all.filter { user in
            switch path.first {
            case "attributes": user.attributes[path.last ?? ""] == value
            case "username": value == .string(user.username)
            case "email": value == .string(user.email)
            default: value == .integer(user.id.rawValue)
            }
        }
    }

    func groups(after last: GroupID?) async throws -> [Group] { [] }
    func groups(with value: JSONValue, at field: String) async throws -> [Group] { [] }
    func groups(of user: UserID) async throws -> (direct: [Group], all: [Group]) { ([], []) }
    func members(of group: GroupID, after last: UserID?) async throws -> [User] { [] }
    func parents(of group: GroupID) async throws -> [Group] { [] }
    func children(of group: GroupID) async throws -> [Group] { [] }
    func isMember(_ user: UserID, of group: GroupID) async throws -> Bool { false }
    func user(_ id: UserID) async throws -> User? { all.first { $0.id == id } }
}
