import CausewayJSON
import CausewayModel
import CausewayStore

/// `causeway/lockouts/`: who must wait after too many wrong passwords, codes or tokens. They are in the memory of each node.
struct LockoutOperations: Sendable {
    let authenticator: Authenticator

    var handlers: [String: APIHandler] {
        ["causeway_lockouts_list": list, "causeway_lockouts_destroy": lift]
    }

    @Sendable private func list(_ request: APIRequest) async throws -> APIResponse {
        let now = try await request.store.read { $0.now }
        return .ok(.array(authenticator.attempts.lockouts(at: now).map(Self.json)))
    }

    private static func json(_ lockout: Lockout) -> JSONValue {
        [
            "id": .string(lockout.id), "kind": .string(lockout.kind), "username": .string(lockout.origin.username),
            "address": .string(lockout.origin.address), "attempts": .integer(Int64(lockout.attempts)),
            "until": .string(APITime.text(lockout.until)),
        ]
    }

    /// The next attempt is made, and counted, as if there had been none.
    @Sendable private func lift(_ request: APIRequest) async throws -> APIResponse {
        guard let lockout = authenticator.attempts.lift(request.path.text("id") ?? "", at: .now()) else {
            throw APIError.notFound("Lockout")
        }
        let (name, address) = (lockout.origin.username, lockout.origin.address)
        let details: [String: JSONValue] = ["lockout": .string(lockout.kind), "address": .string(address)]
        try await request.store.write { transaction in
            try request.record(.lockoutLifted, .user, "", name, details: details, in: transaction)
        }
        return .noContent
    }
}
