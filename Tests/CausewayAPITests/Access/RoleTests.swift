import CausewayJSON
import CausewayModel
import CausewayTestSupport
import Foundation
import HTTPTypes
import Testing

@testable import CausewayAPI

@Suite("Roles", .serialized)
struct RoleTests {
    @Test(
        "each role may use exactly what the documentation says; without signing in nothing is allowed"
    )
    func everyOperation() async throws {
        let (document, documented) = (try DocumentTests.load(), try DocumentedRoles.load())
        try await ServedProgram.with(environment: ["CAUSEWAY_SIGN_IN_FAILURES": "1000000"]) { server in
            var keys: [AccessRole?: String] = [:]
            for role in AccessRole.allCases.map(Optional.some) + [nil] { keys[role] = try await server.token(role) }
            // It ends its own session, so it comes last.
            for operation in document.operations {
                let (method, path) = (operation.method.rawValue, Self.path(of: operation))
                let access = try #require(documented.role(of: operation))
                for (role, key) in keys {
                    let answer = try await server.send(method, path, key: key)
                    let isRefused = answer.status == 403
                    #expect(
                        isRefused == !Self.isAllowed(role, access),
                        "\(method) \(path) as \(role?.rawValue ?? "nobody in particular"): \(answer.status)"
                    )
                    #expect(answer.status < 500, "\(method) \(path): \(answer.body.text)")
                }
                for key in [nil, "wrong"] {
                    let answer = try await server.send(method, path, key: key)
                    #expect(
                        access == .open || answer.status == 403,
                        "\(method) \(path) without signing in: \(answer.status)"
                    )
                }
            }
        }
    }

    private static func isAllowed(_ role: AccessRole?, _ access: APIAccess) -> Bool {
        switch access {
        case .open, .anyone: true
        case .role(let needed): role.map { $0 >= needed } ?? false
        }
    }

    /// A path to an object that does not exist.
    private static func path(of operation: APIOperation) -> String {
        operation.path.template.replacing(/\{([a-z_]+)\}/) { match in
            let schema = operation.parameters.first { $0.name == match.1 }?.schema
            return switch schema {
            case .integer: "999999"
            case .string(let rule) where rule.format == .uuid: "00000000-0000-4000-8000-000000000000"
            default: "nothing"
            }
        }
    }
}

extension ServedProgram {
    /// A token of a new user with a role, or with none.
    func token(_ role: AccessRole?) async throws -> String {
        let name = role?.rawValue ?? "nobody"
        let roles: [JSONValue] = role.map { [.string($0.id.uuidString.lowercased())] } ?? []
        let user = try await send(
            "POST",
            "/core/users/",
            ["username": .string(name), "name": "", "roles": .array(roles)]
        )
        try #require(user.status == 201, "\(user.body.text)")
        let token = try await send(
            "POST",
            "/core/tokens/",
            ["identifier": .string(name), "user": user.body["pk"] ?? .null, "expiring": false]
        )
        try #require(token.status == 201, "\(token.body.text)")
        return try #require(try await send("GET", "/core/tokens/\(name)/view_key/").body["key"]?.string)
    }
}
