import CausewayModel
import CausewayStore
import CausewayTestSupport
import Testing

/// Reads count by a memory, which must not outlive any change.
@Suite("Remembered counts")
struct ListMemoryTests {
    private static let slice = ListSlice(offset: 0, limit: 2)

    private static func create(_ count: Int, in transaction: Transaction) throws -> [User] {
        try (0..<count).map { try transaction.createUser(UserProfile(username: "u\($0)", isActive: $0 % 2 == 0)) }
    }

    @Test("users are counted as they are after each change, and after none that was undone")
    func users() async throws {
        try await StoreFixture.with { fixture in
            let store = fixture.store
            func counts() async throws -> [Int] {
                try await store.read { transaction in
                    var (active, signedIn) = (UserFilter(), UserFilter())
                    (active.isActive, signedIn.lastLoginIsNull) = (true, false)
                    return try [UserFilter(), active, signedIn].map {
                        try transaction.userPage($0, Self.slice).count
                    }
                }
            }
            #expect(try await counts() == [0, 0, 0])
            let users = try await store.write { try Self.create(5, in: $0) }
            #expect(try await counts() == [5, 3, 0])
            try await store.write { transaction in
                var profile = users[1].profile
                profile.isActive = true
                try transaction.updateUser(users[1].id, to: profile)
            }
            #expect(try await counts() == [5, 4, 0])
            try await store.write { try $0.recordLogin(of: users[0].id) }
            #expect(try await counts() == [5, 4, 1])
            await #expect(throws: CancellationError.self) {
                try await store.write { transaction in
                    try transaction.deleteUser(users[0].id)
                    #expect(try transaction.userPage(UserFilter(), Self.slice).count == 4)
                    throw CancellationError()
                }
            }
            #expect(try await counts() == [5, 4, 1])
            try await store.write { try $0.deleteUser(users[0].id) }
            #expect(try await counts() == [4, 3, 0])
        }
    }

    @Test("links are counted as they are after each change of them, of their objects and of providers")
    func links() async throws {
        try await StoreFixture.with { fixture in
            let store = fixture.store
            let (users, providers) = try await store.write { transaction in
                (
                    try Self.create(6, in: transaction),
                    try ["A", "B"].map { name in try transaction.makeProvider { $0.name = name } }
                )
            }
            /// The links of the first provider, those of all, those with a word in their name, and the overview's number.
            func counts() async throws -> [Int] {
                try await store.read { transaction in
                    var (own, named) = (LinkFilter(kind: .user), LinkFilter(kind: .user))
                    (own.provider, named.terms) = (providers[0].id, ["u"])
                    let pages = try [own, LinkFilter(kind: .user), named].map {
                        try transaction.linkPage($0, Self.slice)
                    }
                    #expect(pages.map(\.rows.count) == pages.map { min(2, $0.count) })
                    return try pages.map(\.count) + [transaction.overview(of: providers[0]).users.linked]
                }
            }
            func link(_ number: Int, _ provider: EntraProvider) -> ObjectLink {
                ObjectLink(
                    provider: provider.id,
                    kind: .user,
                    object: ObjectReference(users[number].id),
                    entraID: EntraObjectID("entra-\(number)"),
                    known: [:]
                )
            }
            #expect(try await counts() == [0, 0, 0, 0])
            let links = (0..<4).map { link($0, providers[0]) } + [link(4, providers[1])]
            try await store.write { transaction in
                for link in links { try transaction.saveLink(link, name: "x") }
            }
            #expect(try await counts() == [4, 5, 5, 4])
            try await store.write { try $0.deleteLink(links[0].id) }
            #expect(try await counts() == [3, 4, 4, 3])
            try await store.write { try $0.deleteLink(to: links[1].entraID, provider: providers[0].id) }
            #expect(try await counts() == [2, 3, 3, 2])
            try await store.write { transaction in
                var profile = users[2].profile
                profile.username = "another"
                try transaction.updateUser(users[2].id, to: profile)
            }
            #expect(try await counts() == [2, 3, 2, 2])
            try await store.write { try $0.deleteUser(users[2].id) }
            #expect(try await counts() == [1, 2, 2, 1])
            await #expect(throws: CancellationError.self) {
                try await store.write { transaction in
                    try transaction.deleteLink(links[3].id)
                    throw CancellationError()
                }
            }
            #expect(try await counts() == [1, 2, 2, 1])
            try await store.write { try $0.deleteProvider(providers[1].id) }
            #expect(try await counts() == [1, 1, 1, 1])
        }
    }

    /// A write reads without memory.
    @Test(
        "a page has the same rows from a remembered place as from the start of its list",
        arguments: [
            "", "-username", "name", "-name", "email", "is_active", "-is_active", "type", "-type", "-path",
            "date_joined",
            "-last_updated", "uuid", "pk", "-pk", "last_login", "-last_login",
        ]
    )
    func places(_ field: String) async throws {
        try await StoreFixture.with { fixture in
            let store = fixture.store
            try await store.write { transaction in
                for number in 0..<1500 {
                    let profile = UserProfile(
                        username: "u\(number * 7 % 1500)",
                        name: "Person \(number % 40)",
                        email: number % 3 == 0 ? "" : "U\(number % 5)@company.com",
                        isActive: number % 4 != 0,
                        type: number % 3 == 0 ? .external : .internal
                    )
                    _ = try transaction.createUser(profile)
                }
            }
            let order =
                field.isEmpty
                ? [] : [ListOrder(field: field.replacing("-", with: ""), isDescending: field.hasPrefix("-"))]
            func compare(_ offset: Int, _ limit: Int) async throws {
                for terms in [[], ["u1"]] {
                    var filter = UserFilter()
                    filter.terms = terms
                    let slice = ListSlice(offset: offset, limit: limit, order: order)
                    let (seen, plain) = (
                        try await store.read { [filter] in try $0.userPage(filter, slice) },
                        try await store.write { [filter] in try $0.userPage(filter, slice) }
                    )
                    #expect(seen.rows.map(\.username) == plain.rows.map(\.username), "\(terms), \(offset), \(limit)")
                    #expect(seen.count == plain.count)
                }
            }
            for page in 0..<8 { try await compare(page * 200, 200) }
            for (offset, limit) in [(1499, 5), (600, 3), (599, 1), (1000, 600), (500, 20), (1500, 10), (9999, 10)] {
                try await compare(offset, limit)
            }
            try await store.write { try $0.deleteUser(UserID(3)) }
            for offset in [1200, 600, 0] { try await compare(offset, 200) }
        }
    }
}
