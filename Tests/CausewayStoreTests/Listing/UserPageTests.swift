import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation
import Testing

@Suite("Pages of users")
struct UserPageTests {
    private static func with(_ count: Int, _ body: (Store) async throws -> Void) async throws {
        try await StoreFixture.with { fixture in
            try await fixture.store.write { transaction in
                for number in 0..<count {
                    _ = try transaction.createUser(
                        UserProfile(
                            username: "u\(number)",
                            name: number % 10 == 0 ? "Łucja \(number)" : "Ada \(number)",
                            email: "u\(number)@example.com",
                            isActive: number % 2 == 0,
                            attributes: ["site": number % 3 == 0 ? "Oslo" : "Rome"]
                        )
                    )
                }
            }
            try await body(fixture.store)
        }
    }

    @Test(
        "attributes are compared by value, in lists by place, with all operators",
        arguments: [
            (["number"], .integer(7), 1), (["number"], .number(7.0), 1), (["number"], .string("7"), 0),
            (["ratio"], .number(1.5), 1), (["ratio", "gt"], .integer(1), 1), (["ratio", "gt"], .number(1.5), 0),
            (["number", "gte"], .integer(7), 1), (["number", "lt"], .number(7.5), 1),
            (["number", "lte"], .integer(6), 0),
            (["phones", "1"], .string("two"), 1), (["phones", "2"], .string("two"), 0), (["flag"], .bool(true), 1),
            (["flag"], .integer(1), 0), (["badge", "number", "exact"], .integer(3), 1),
            (["day", "gt"], .string("2026-01-01"), 1),
            (["number", "gt"], .string("1"), 0), (["none"], .null, 0),
        ] as [([String], JSONValue, Int)]
    )
    func attributes(_ path: [String], _ value: JSONValue, _ count: Int) async throws {
        try await Self.with(1) { store in
            try await store.write { transaction in
                let attributes: [String: JSONValue] = [
                    "number": .number(7.0), "ratio": .number(1.5), "phones": ["one", "two"], "flag": true,
                    "badge": ["number": 3], "day": "2026-03-01",
                ]
                _ = try transaction.createUser(UserProfile(username: "eve", attributes: attributes))
            }
            let slice = ListSlice(offset: 0, limit: 10)
            #expect(try await names(store, slice) { $0.attributes = [(path, value)] }.count == count)
        }
    }

    @Test("an empty list of roles matches no user, unlike no filter")
    func roles() async throws {
        try await Self.with(3) { store in
            let slice = ListSlice(offset: 0, limit: 10)
            let nobody = try await names(store, slice) { $0.roles = [] }
            #expect(nobody.count == 0)
            let everybody = try await names(store, slice) { $0.roles = nil }
            #expect(everybody.count == 3)
        }
    }

    private func names(_ store: Store, _ slice: ListSlice, _ change: @Sendable (inout UserFilter) -> Void) async throws
        -> (
            count: Int, names: [String]
        )
    {
        var filter = UserFilter()
        change(&filter)
        let page = try await store.read { [filter] in try $0.userPage(filter, slice) }
        return (page.count, page.rows.map(\.username))
    }

    @Test("words are found in any letter case, with the same pages whether few or many users have them")
    func words() async throws {
        try await Self.with(4500) { store in
            let slice = ListSlice(offset: 2, limit: 3, order: [ListOrder(field: "date_joined", isDescending: true)])
            let few = try await names(store, slice) { $0.terms = ["łucja"] }
            #expect(few.count == 450)
            #expect(few.names.count == 3)
            let many = try await names(store, slice) { $0.terms = ["ADA", "example"] }
            #expect(many.count == 4050)
            let active = try await names(store, slice) { ($0.terms, $0.isActive) = (["example"], true) }
            #expect(active.count == 2250)
            #expect(active.names == ["u4494", "u4492", "u4490"])
            let none = try await names(store, slice) { $0.terms = ["ada", "nobody"] }
            #expect(none.count == 0)
            let like = try await names(store, slice) { $0.terms = ["%"] }
            #expect(like.count == 0)
        }
    }

    @Test("every search strategy finds the same pages, in every order")
    func ways() async throws {
        try await Self.with(60) { store in
            let everybody = try await store.read { try $0.users(after: nil, limit: 1000) }
            for limits in Self.limits {
                for words in ["ada", "łucja", "u1", "a", "example", "u", "5 ada", "nobody", "u59"] {
                    for (offset, isDescending) in [(0, false), (7, true), (45, false)] {
                        let order = [ListOrder(field: "email", isDescending: isDescending)]
                        var filter = UserFilter()
                        filter.terms = words.split(separator: " ").map(String.init)
                        let page = try await store.read { [filter] transaction in
                            try transaction.userPage(
                                filter,
                                ListSlice(offset: offset, limit: 5, order: order),
                                limits: limits
                            )
                        }
                        let found = everybody.filter { user in
                            filter.terms.allSatisfy {
                                "\(user.username) \(user.name) \(user.email)".lowercased().contains($0)
                            }
                        }.sorted { isDescending ? $0.email > $1.email : $0.email < $1.email }
                        #expect(page.count == found.count, "\(words) \(limits)")
                        #expect(
                            page.rows.map(\.username) == found.dropFirst(offset).prefix(5).map(\.username),
                            "\(words) from \(offset) on, \(limits)"
                        )
                    }
                }
            }
        }
    }

    /// With each of these limits, few, many, most and almost all are other numbers.
    private static let limits: [UserSearchLimits] = [
        (60_000, 5000, 5000, 60), (60_000, 5000, 5000, 0), (10, 5, 0, 0), (10, 100, 0, 7), (0, 0, 0, 0),
        (0, 0, 10, 60),
    ]
    .map { lookups, steps, others, sample in
        var limits = UserSearchLimits()
        (limits.lookups, limits.steps, limits.others, limits.sample) = (lookups, steps, others, sample)
        return limits
    }

    @Test("current names and whole keys are found, former names are not")
    func changes() async throws {
        try await Self.with(30) { store in
            let slice = ListSlice(offset: 0, limit: 5)
            let ada = try #require(try await store.read { try $0.user(named: "u1") })
            try await store.write { transaction in
                var profile = ada.profile
                profile.name = "Grace"
                _ = try transaction.updateUser(ada.id, to: profile)
            }
            #expect(try await names(store, slice) { $0.terms = ["grace"] }.names == ["u1"])
            #expect(try await names(store, slice) { $0.terms = ["ada", "1@"] }.names == ["u11", "u21"])
            let key = ada.uuid.uuidString
            #expect(try await names(store, slice) { $0.terms = [key] }.names == ["u1"])
            #expect(try await names(store, slice) { $0.attributes = [(["site"], "Oslo")] }.count == 10)
            try await store.write { try $0.deleteUser(ada.id) }
            #expect(try await names(store, slice) { $0.terms = ["grace"] }.count == 0)
        }
    }

    @Test("a search sees every change, even if the journal was emptied")
    func memory() async throws {
        try await Self.with(5) { store in
            let slice = ListSlice(offset: 0, limit: 5)
            for number in 0..<3 {
                let before = try await names(store, slice) { $0.terms = ["grace"] }.count
                #expect(before == number)
                try await store.write { transaction in
                    _ = try transaction.createUser(UserProfile(username: "grace\(number)"))
                    try transaction.trimJournal()
                }
            }
            let undone = await #expect(throws: CancellationError.self) {
                try await store.write { transaction in
                    _ = try transaction.createUser(UserProfile(username: "grace3"))
                    var filter = UserFilter()
                    filter.terms = ["grace"]
                    #expect(try transaction.userPage(filter, slice).count == 4)
                    throw CancellationError()
                }
            }
            #expect(undone != nil)
            #expect(try await names(store, slice) { $0.terms = ["grace"] }.count == 3)
            try await store.write { _ = try $0.createUser(UserProfile(username: "grace4")) }
            #expect(try await names(store, slice) { $0.terms = ["grace"] }.count == 4)
        }
    }
}
