import CausewayModel
import CausewayTestSupport
import Foundation
import Testing

@testable import CausewayStore

@Suite("The search over everything in the store")
struct SearchHitTests {
    @Test("users are found by the beginning of a name, and by parts of three letters or more; all words must be there")
    func users() async throws {
        try await StoreFixture.with { fixture in
            try await fixture.store.write { transaction in
                for (username, name, email) in [
                    ("ada", "Ada Lovelace", "ada@company.com"), ("bea", "Bea Ada", "bea@company.com"),
                    ("carl", "Carl Love_joy", "carl@elsewhere.test"), ("zoë", "Zoë Ärmel", ""),
                ] {
                    _ = try transaction.createUser(UserProfile(username: username, name: name, email: email))
                }
                func found(_ terms: String..., limit: Int = 5) throws -> [String] {
                    try transaction.search(terms, limit: limit).filter { $0.kind == .user }.map(\.name)
                }
                // The beginning of a user name comes first.
                #expect(try found("ada") == ["ada", "bea"])
                #expect(try found("ADA") == ["ada", "bea"])
                #expect(try found("a") == ["ada"])
                #expect(try found("ca") == ["carl"])
                #expect(try found("Bea") == ["bea"])
                #expect(try found("love") == ["ada", "carl"])
                #expect(try found("love", "company") == ["ada"])
                #expect(try found("love", "a") == ["ada", "carl"])
                #expect(try found("e_j") == ["carl"] && found("e_lo").isEmpty && found("%%%").isEmpty)
                #expect(try found("elsewhere.test") == ["carl"])
                #expect(try found("zoë") == ["zoë"])
                #expect(try found("company", limit: 1) == ["ada"])
                #expect(try found("a\"b", "x'y").isEmpty && found("\0ab").isEmpty && found().isEmpty)
                let ada = try #require(try transaction.search(["ada"], limit: 5).first)
                #expect(ada.detail == "Ada Lovelace, ada@company.com")
                let user = try #require(try transaction.user(named: "ada"))
                #expect(try found(user.uuid.uuidString.lowercased()) == ["ada"])
            }
        }
    }

    @Test("who has exactly the name or begins with it is found, however many others have the same trigrams")
    func crowd() async throws {
        try await StoreFixture.with { fixture in
            try await fixture.store.write { transaction in
                func make(_ username: String, _ name: String = "", _ email: String = "") throws {
                    _ = try transaction.createUser(UserProfile(username: username, name: name, email: email))
                }
                // They come first, and have all trigrams of what is searched.
                for number in 0..<30 {
                    try make("x\(number)-mcduckling", "Umcducky Oanatiduck", "x\(number).mcduck@company.com")
                    try make("y\(number)", "Ladislava Zlana Natiana", "info@company.com.t\(number).test")
                }
                try make("McDuck", "Scrooge")
                try make("other", "Duck")
                try make("last", "Ivo Anatiy")
                try make("mail", "", "Info@Company.com")
                try make("two", "Ana Nati")
                func found(_ terms: String...) throws -> [String] {
                    try transaction.search(terms, limit: 5, candidates: 5).filter { $0.kind == .user }.map(\.name)
                }
                #expect(try found("mcduck").first == "McDuck" && found("MCD").first == "McDuck")
                #expect(try found("duck").first == "other")
                #expect(try found("anatiy") == ["last"])
                #expect(try found("info@company.com").first == "mail" && found("info@company").contains("mail"))
                #expect(try found("ana", "nati").first == "two" && found("ana", "na").first == "two")
            }
        }
    }

    @Test("what begins with a text is found by an index", .onlySQLite)
    func beginnings() async throws {
        try await StoreFixture.with { fixture in
            try await fixture.store.read { transaction in
                for (column, table) in [("text", "user_search"), ("name", "users"), ("email_folded", "users")] {
                    let plan = try transaction.all(
                        "EXPLAIN QUERY PLAN SELECT 1 FROM \(table) WHERE \(column) >= 'a' AND \(column) < 'b'"
                    ) { try $0.text("detail") }
                    #expect(plan.allSatisfy { $0.hasPrefix("SEARCH") }, "\(plan)")
                }
            }
        }
    }

    @Test("groups, providers and mappings are found by their names, and an id by its beginning")
    func others() async throws {
        try await StoreFixture.with { fixture in
            try await fixture.store.write { transaction in
                let provider = try transaction.makeProvider()
                let group = try transaction.createGroup(GroupProfile(name: "Sales team"))
                let user = try transaction.createUser(UserProfile(username: "ada"))
                let entraID = "7d1c0000-1111-4222-8333-444455556666"
                let link = ObjectLink(
                    provider: provider.id,
                    kind: .user,
                    object: ObjectReference(user.id),
                    entraID: EntraObjectID(entraID),
                    known: [:]
                )
                try transaction.saveLink(link, name: "ada")
                func found(_ terms: String...) throws -> [SearchHit] { try transaction.search(terms, limit: 5) }
                #expect(try found("team", "sales").map(\.key) == [group.id.text])
                #expect(try found(provider.name).map(\.kind) == [.provider])
                #expect(try found(provider.tenantID).contains { $0.kind == .provider })
                let byID = try found(entraID.uppercased())
                #expect(byID.map(\.kind) == [.link] && byID[0].provider == provider.id && byID[0].objectKind == .user)
                #expect(byID[0].key == link.id.text && byID[0].name == "ada")
                #expect(try found("7d1c0000").map(\.kind) == [.link] && found("7d1c").isEmpty)
                #expect(try found(String(group.id.text.prefix(13))).map(\.kind) == [.group])
                try transaction.deleteUser(user.id)
                #expect(try found(entraID).isEmpty)
            }
        }
    }
}
