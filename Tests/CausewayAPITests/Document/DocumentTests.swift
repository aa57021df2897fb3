import CausewayJSON
import CausewayModel
import CausewayStore
import CausewayTestSupport
import Foundation
import HTTPTypes
import Logging
import Testing

@testable import CausewayAPI

@Suite("The OpenAPI document")
struct DocumentTests {
    /// The document of the built program.
    static func load() throws -> APIDocument { try .load(from: Program.url.deletingLastPathComponent()) }

    @Test("every operation has a handler, and every handler an operation")
    func handlers() async throws {
        let document = try Self.load()
        let known = Set(document.operations.map(\.id))
        #expect(known.count == document.operations.count)
        try await StoreFixture.with { fixture in
            let authenticator = Authenticator(store: fixture.store, limits: APILimits(), logger: Logger(label: "test"))
            let handled = APIOperations.all(document: document, authenticator: authenticator)
            #expect(Set(handled.keys) == known)
        }
        #expect(known.count > 130)
    }

    @Test("the document and docs/api.md agree on the role that each operation needs")
    func roles() throws {
        let rows = try DocumentedRoles.load()
        for operation in try Self.load().operations {
            #expect(rows.role(of: operation) == operation.access, "\(operation.method) \(operation.path.template)")
        }
    }

    @Test("an operation is found by its path; fixed words take precedence over values")
    func routing() throws {
        let router = APIRouter(try Self.load().operations)
        func id(_ path: String) -> String? {
            guard case .operation(let operation, _) = router.match(.get, path) else { return nil }
            return operation.id
        }
        #expect(id("/api/v3/core/users/me/") == "core_users_me_retrieve")
        #expect(id("/api/v3/core/users/7/") == "core_users_retrieve")
        #expect(id("/api/v3/core/users/7") == nil)
        #expect(id("/api/v3/core/users//") == "core_users_retrieve")
        guard case .otherMethods(let methods) = router.match(.patch, "/api/v3/core/users/") else {
            Issue.record("a known path with another method is not told apart")
            return
        }
        #expect(Set(methods) == [.get, .post])
    }

    @Test(
        "times are read in every form of RFC 3339, and in no other",
        arguments: [
            ("2026-11-24T08:00:00Z", 1_795_507_200_000), ("2026-11-24T08:00:00.25+01:00", 1_795_503_600_250),
            ("1970-01-01t00:00z", 0), ("2000-02-29 12:00:00", 951_825_600_000), ("1900-02-29T00:00:00Z", nil),
            ("2026-13-01T00:00:00Z", nil), ("2026-11-24", 1_795_478_400_000), ("2026-11-24T25:00:00Z", nil),
            ("yesterday", nil),
            ("2026-11-31", nil),
        ] as [(String, Int64?)]
    )
    func times(_ text: String, _ milliseconds: Int64?) {
        #expect(APITime.timestamp(text)?.milliseconds == milliseconds)
    }
}

/// The table of roles in the documentation: `METHOD /path/` and the least role, with two rules for the rest.
struct DocumentedRoles {
    private var rows: [String: String] = [:]

    static func load() throws -> DocumentedRoles {
        let text = try ProjectFiles.text("docs/api.md")
        var table = DocumentedRoles()
        for match in text.matches(of: /\| `([A-Z]+ \/[^`]*)` \| ([a-z]+) \|/) {
            table.rows[String(match.1)] = String(match.2)
        }
        try #require(!table.rows.isEmpty)
        return table
    }

    func role(of operation: APIOperation) -> APIAccess? {
        let row = rows["\(operation.method.rawValue) \(operation.path.template)"]
        return APIAccess(row ?? (operation.method == .get ? "auditor" : "administrator"))
    }
}
